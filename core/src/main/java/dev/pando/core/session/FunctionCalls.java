package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrameSplitter;
import dev.pando.core.link.Injected;
import dev.pando.core.route.Across;
import dev.pando.core.route.Plan;
import dev.pando.core.route.Planned;
import dev.pando.core.route.Target;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The FunctionCall message names a function by its OID. Home is asked which one that is, and then it is judged as a SELECT of it would be: what
 * it reads, what it changes of the session, and what it leaves behind.
 */
final class FunctionCalls {
    private static final int MOST_ARGUMENTS = 100;

    private final Session session;
    private final Leases leases;

    FunctionCalls(Session session, Leases leases) {
        this.session = session;
        this.leases = leases;
    }

    /** The plan of such a SELECT; fails when the function cannot run by itself at home. */
    void plan(byte[] request, Consumer<Plan> then, Consumer<Failure> failed) {
        if (leases.failedWithout(ShardId.HOME)) {
            failed.accept(Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION)));
            return;
        }
        ByteBuf body = Unpooled.wrappedBuffer(request).skipBytes(FrameSplitter.HEADER);
        String oid = body.readableBytes() < 4 ? "0" : Integer.toUnsignedString(body.readInt());
        String sql = "SELECT n.nspname, p.proname FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n"
                + " ON n.oid OPERATOR(pg_catalog.=) p.pronamespace WHERE p.oid OPERATOR(pg_catalog.=) " + oid
                + "::pg_catalog.oid";
        leases.with(
                ShardId.HOME,
                link -> Injected.run(link, sql, result -> {
                    ErrorFields error = result.error();
                    Participant home = leases.on(ShardId.HOME);
                    if (result.lost() && home != null) {
                        failed.accept(leases.lose(home, error == null ? "" : error.message()));
                    } else if (error != null) {
                        failed.accept(new Failure(error));
                    } else {
                        judge(result.firstRow(), arguments(body), then, failed);
                    }
                }),
                failed);
    }

    private void judge(List<@Nullable String> name, int arguments, Consumer<Plan> then, Consumer<Failure> failed) {
        String values =
                IntStream.rangeClosed(1, arguments).mapToObj(i -> "$" + i).collect(Collectors.joining(", "));
        // A function that is not there is PostgreSQL's to refuse.
        String call = name.size() < 2
                ? ""
                : "SELECT " + Quote.identifier(String.valueOf(name.getFirst())) + "."
                        + Quote.identifier(String.valueOf(name.getLast())) + "(" + values + ")";
        session.planned(
                call.getBytes(StandardCharsets.UTF_8),
                planned -> {
                    Failure refusal = refusal(planned);
                    if (refusal == null) {
                        then.accept(planned.plan());
                    } else {
                        failed.accept(refusal);
                    }
                },
                error -> failed.accept(new Failure(error)));
    }

    private static @Nullable Failure refusal(Planned planned) {
        Plan plan = planned.plan();
        if (planned.sql().length == 0) {
            return null;
        }
        boolean single = plan.target() instanceof Target.One || plan.target() instanceof Target.Any;
        if (!single && plan.across() instanceof Across.Refuse refuse) {
            return Failure.of(
                    new PandoException(refuse.error(), refuse.particulars().toArray()));
        }
        return single && !plan.command().changesSettings()
                ? null
                : Failure.of(new PandoException(
                        PandoError.CROSS_SHARD_SHAPE, "the FunctionCall message of such a function"));
    }

    /** How many there are; the server itself refuses a message that says something impossible. */
    private static int arguments(ByteBuf body) {
        int formats = body.readableBytes() < 2 ? 0 : body.readUnsignedShort();
        boolean there = body.readableBytes() >= 2 * formats + 2;
        int arguments = there ? body.skipBytes(2 * formats).readUnsignedShort() : 0;
        return arguments > MOST_ARGUMENTS ? 0 : arguments;
    }
}
