package dev.pando.server.net;

import dev.pando.base.auth.ServerCredential;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.route.Across;
import dev.pando.core.route.Planned;
import dev.pando.core.route.Plans;
import dev.pando.core.sight.Explainable;
import dev.pando.core.sight.GenericText;
import dev.pando.core.topology.ShardId;
import dev.pando.grammar.ParseTree;
import dev.pando.grammar.SyntaxProblem;
import dev.pando.server.admin.StatementPlan;
import dev.pando.server.auth.Identity;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;

/**
 * Plans of servers for statements that have been seen: what an event loop knows of one is made into SQL again, planned as any other, and the
 * servers where it has been are asked. To be called on threads that may wait.
 */
final class StatementPlans {
    private static final int AT_ONCE = 4;
    private static final long LONGEST_SECONDS = 30;

    private final Databases databases;
    private final Collection<LoopServers> loops;
    private final LongFunction<List<Optional<Explainable>>> seen;
    private final Semaphore places = new Semaphore(AT_ONCE);

    /** {@code seen}: what each event loop knows of the statement with a number; one that does not answer is left out. */
    StatementPlans(Databases databases, Collection<LoopServers> loops, LongFunction<List<Optional<Explainable>>> seen) {
        this.databases = databases;
        this.loops = loops;
        this.seen = seen;
    }

    /** Throws NO_PLAN, PLANS_BUSY, PLAN_FAILED, or what keeps a server from being reached. */
    StatementPlan of(long id) {
        if (!places.tryAcquire()) {
            throw new PandoException(PandoError.PLANS_BUSY, AT_ONCE, AT_ONCE);
        }
        try {
            return explained(known(id));
        } finally {
            places.release();
        }
    }

    private static PandoException noPlan(String why) {
        return new PandoException(PandoError.NO_PLAN, why);
    }

    private static PandoException failed(String why) {
        return new PandoException(PandoError.PLAN_FAILED, why);
    }

    private Explainable known(long id) {
        List<Optional<Explainable>> answers = seen.apply(id);
        return answers.stream()
                .flatMap(Optional::stream)
                .reduce(Explainable::plus)
                .orElseThrow(() -> answers.size() < loops.size()
                        ? failed("an event loop does not answer")
                        : noPlan("SHOW STATEMENTS knows no statement " + id));
    }

    private StatementPlan explained(Explainable known) {
        String name = known.account().database();
        Database database = databases.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> noPlan("database \"" + name + "\" is no longer there"));
        String generic = generic(known, database.backstage().plans());
        Planned planned = planned(known, database.backstage(), generic);
        String sql = onShards(known, planned, generic);
        List<ShardId> shards =
                known.shards().isEmpty() ? List.of(planned.validationShard(ShardId.HOME)) : known.shards();
        Identity user = new Identity(known.account().user(), ServerCredential.Nothing.CONFIGURED);
        PlanReader.Question question =
                new PlanReader.Question(user, sql, planned.shaped().parameters(), known.searchPath());
        Map<String, List<String>> lines = new LinkedHashMap<>();
        Set<String> asked = new LinkedHashSet<>();
        ask(database, shards, question).forEach((shard, future) -> {
            PlanReader.Answer answer = await(future);
            asked.add(answer.asked());
            lines.put(database.topology().shard(shard).name(), answer.lines());
        });
        return new StatementPlan(
                known.id(),
                name,
                database.serverUser(user.user()),
                String.join("\n", asked),
                StatementPlan.alike(lines));
    }

    private static String generic(Explainable known, Plans plans) {
        String outline = known.outline();
        if (outline == null) {
            throw noPlan("PostgreSQL explains no statement like this, or it is longer than what is kept of it: "
                    + known.text());
        }
        return switch (await(plans.parse(outline))) {
            case SyntaxProblem problem -> throw noPlan("without its values it is no SQL: " + problem.message());
            case ParseTree tree -> GenericText.of(tree, outline);
        };
    }

    /** As any statement is: so it is one and no more, and what shards run of it is known. */
    private static Planned planned(Explainable known, Backstage backstage, String generic) {
        byte[] sql = generic.getBytes(StandardCharsets.UTF_8);
        Planned planned = switch (await(backstage.plans().plan(sql, backstage.catalog(), known.searchPath()))) {
            case Plans.Outcome.Ready ready -> ready.planned();
            case Plans.Outcome.Invalid invalid -> throw noPlan("without its values it is no SQL: " + invalid.message());
        };
        if (planned.several()
                || planned.complaint() != null
                || planned.plan().command().own()) {
            throw noPlan("no server runs it as a statement: " + known.text());
        }
        return planned;
    }

    /** A statement that concerns several shards may reach each of them in other words. */
    private static String onShards(Explainable known, Planned planned, String generic) {
        String words =
                known.several() && planned.plan().across() instanceof Across.Merge merge ? merge.shardSql() : null;
        return words == null ? generic : words;
    }

    private Map<ShardId, CompletableFuture<PlanReader.Answer>> ask(
            Database database, List<ShardId> shards, PlanReader.Question question) {
        LoopServers loop = loops.iterator().next();
        Map<ShardId, CompletableFuture<PlanReader.Answer>> asked = new LinkedHashMap<>();
        for (ShardId shard : shards) {
            CompletableFuture<PlanReader.Answer> answer = new CompletableFuture<>();
            asked.put(shard, answer);
            loop.loop().execute(() -> ask(loop.of(database), shard, question, answer));
        }
        return asked;
    }

    private static void ask(
            DatabaseServers servers,
            ShardId shard,
            PlanReader.Question question,
            CompletableFuture<PlanReader.Answer> answer) {
        if (servers.pausedAll(Set.of(shard))) {
            String name = servers.database().topology().shard(shard).name();
            answer.completeExceptionally(failed("shard " + name + " is paused, RESUME ends that"));
        } else {
            PlanReader.ask(servers, shard, question, answer);
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw PandoException.causedBy(e, PandoError.ADMIN_INTERRUPTED, "EXPLAIN STATEMENT", "it was cancelled");
        } catch (TimeoutException e) {
            throw PandoException.causedBy(e, PandoError.PLAN_FAILED, "no answer within " + LONGEST_SECONDS + " s");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PandoException refusal) {
                throw refusal;
            }
            throw PandoException.causedBy(e, PandoError.BUG, "asking for a plan: " + e.getCause());
        }
    }
}
