package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.core.link.Injected;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Trace;
import java.util.List;
import java.util.stream.Collectors;

/** Finds out whether names mean temporary relations of the session, which live on home. */
final class TemporaryRelations {
    private TemporaryRelations() {}

    /** Runs one or the other; nobody is asked when the session has left nothing temporary on home. */
    static void ask(Leases leases, List<String> names, Runnable temporary, Runnable others, Operation.Outcome outcome) {
        Participant home = leases.on(ShardId.HOME);
        if (names.isEmpty()
                || home == null
                || !(home.kept.contains(Trace.TEMPORARY) || home.suspected.contains(Trace.TEMPORARY))) {
            others.run();
            return;
        }
        String list = names.stream().map(Quote::literal).collect(Collectors.joining(", "));
        String sql = "SELECT pg_catalog.count(*) FROM pg_catalog.unnest(ARRAY[" + list
                + "]::pg_catalog.text[]) n JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=)"
                + " pg_catalog.to_regclass(n)::pg_catalog.oid"
                + " WHERE c.relnamespace OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema()";
        leases.with(
                ShardId.HOME,
                link -> Injected.run(link, sql, result -> {
                    if (result.lost()) {
                        outcome.failed(leases.lose(home, ""));
                    } else if (result.error() != null) {
                        outcome.failed(new Failure(result.error()));
                    } else {
                        decide(
                                Integer.parseInt(
                                        String.valueOf(result.firstRow().getFirst())),
                                names,
                                temporary,
                                others,
                                outcome);
                    }
                }),
                outcome::failed);
    }

    private static void decide(
            int found, List<String> names, Runnable temporary, Runnable others, Operation.Outcome outcome) {
        try {
            if (found == 0) {
                others.run();
            } else if (found == names.size()) {
                temporary.run();
            } else {
                throw new PandoException(
                        PandoError.CROSS_SHARD_SHAPE, "one statement about temporary and other relations");
            }
        } catch (PandoException refusal) {
            outcome.failed(Failure.of(refusal));
        }
    }
}
