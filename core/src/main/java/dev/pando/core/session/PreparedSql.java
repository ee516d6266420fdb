package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.sql.Quote;
import dev.pando.base.wire.ErrorFields;
import dev.pando.base.wire.FrontendMessage;
import dev.pando.core.link.Injected;
import dev.pando.core.link.ParameterTypes;
import dev.pando.core.route.Across;
import dev.pando.core.route.Command;
import dev.pando.core.route.Planned;
import dev.pando.core.route.Target;
import dev.pando.core.topology.ShardId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * PREPARE, EXECUTE and DEALLOCATE. Statements of PREPARE and of Parse are one kind, as on PostgreSQL: the session's own, known to servers by the names
 * that all clients share. EXECUTE runs one as Bind and Execute would, with values that stand in its text, or that a server has computed
 * because they are more than constants.
 */
final class PreparedSql {
    private static final short[] TEXT = {};
    private static final Map<String, Integer> COMMON_TYPES = Map.of(
            "int",
            23,
            "integer",
            23,
            "int4",
            23,
            "bigint",
            20,
            "int8",
            20,
            "smallint",
            21,
            "text",
            25,
            "boolean",
            16,
            "bool",
            16,
            "uuid",
            2950);

    private final Session session;
    private final SessionPort port;
    private final Leases leases;
    private final Replier replier;
    private final Dispatcher dispatcher;
    private final StatementsOfCode ofCode;
    private final Deallocation deallocation;

    PreparedSql(Session session, SessionPort port, Leases leases, Replier replier, Dispatcher dispatcher) {
        this.session = session;
        this.port = port;
        this.leases = leases;
        this.replier = replier;
        this.dispatcher = dispatcher;
        this.ofCode = new StatementsOfCode(session, leases);
        this.deallocation = new Deallocation(session, leases, replier, ofCode);
    }

    private Prepared prepared() {
        return session.extended().prepared();
    }

    void prepare(Execution execution, String name, Operation.Outcome outcome) {
        if (leases.failed()) {
            throw new PandoException(PandoError.IN_FAILED_TRANSACTION);
        }
        Consumer<Failure> failed = outcome::failed;
        ofCode.where(
                name,
                place -> guarded(failed, () -> {
                    if (place != null || prepared().statement(name) != null) {
                        failed.accept(failure("42P05", "prepared statement \"" + name + "\" already exists"));
                        return;
                    }
                    Runnable then = () -> {
                        replier.complete("PREPARE");
                        outcome.done();
                    };
                    make(execution.sql(), name, then, failed);
                }),
                failed);
    }

    /** The session has the statement of a PREPARE when {@code then} runs. */
    private void make(byte[] prepare, String name, Runnable then, Consumer<Failure> failed) {
        prepared().admit();
        ExecuteText text = ExecuteText.ofPrepare(prepare);
        byte[] body = text.prepared();
        int before = text.charactersBefore();
        types(
                text.parts(),
                types -> planned(new FrontendMessage.Parse(name, body, types), failed, statement -> {
                    Runnable done = () -> {
                        prepared().put(statement.madeBy(prepare));
                        then.run();
                    };
                    if (statement.planned().plan().command().own()) {
                        done.run();
                    } else {
                        check(statement, before, failed, done);
                    }
                }),
                failed);
    }

    void deallocate(Command.Deallocate command, Operation.Outcome outcome) {
        deallocation.run(command, outcome);
    }

    /** Whether code may have PREPAREd a statement of that name. */
    boolean unknown(String name) {
        return prepared().statement(name) == null && ofCode.any();
    }

    /** What code has PREPAREd by that name, if there is such a statement, becomes the session's. */
    void adopt(String name, Runnable then, Consumer<Failure> failed) {
        ofCode.find(
                name,
                found -> guarded(failed, () -> {
                    if (found == null) {
                        then.run();
                    } else {
                        make(found.planned().sql(), name, () -> ofCode.forget(name, found, then, failed), failed);
                    }
                }),
                failed);
    }

    private static Failure failure(String sqlState, String message) {
        return new Failure(ErrorFields.of("ERROR", sqlState, message));
    }

    /** The OIDs of types, as home has them. */
    private void types(List<String> names, Consumer<int[]> then, Consumer<Failure> failed) {
        if (names.stream().allMatch(COMMON_TYPES::containsKey)) {
            then.accept(names.stream()
                    .mapToInt(name -> COMMON_TYPES.getOrDefault(name, 0))
                    .toArray());
            return;
        }
        String list = names.stream()
                .map(name -> Quote.literal(name) + "::pg_catalog.regtype::pg_catalog.oid")
                .collect(Collectors.joining(", "));
        ask(
                ShardId.HOME,
                "SELECT " + list,
                row -> then.accept(row.stream()
                        .mapToInt(oid -> Integer.parseUnsignedInt(String.valueOf(oid)))
                        .toArray()),
                failed);
    }

    /** One row of a query of Pando's own. */
    private void ask(ShardId shard, String sql, Consumer<List<@Nullable String>> then, Consumer<Failure> failed) {
        leases.take(
                shard,
                joins(),
                on -> Injected.run(on.link, sql, result -> {
                    ErrorFields error = result.error();
                    Participant participant = leases.on(shard);
                    if (result.lost() && participant != null) {
                        failed.accept(leases.lose(participant, error == null ? "" : error.message()));
                    } else if (error != null) {
                        failed.accept(new Failure(error));
                    } else {
                        guarded(failed, () -> then.accept(result.firstRow()));
                    }
                }),
                failed);
    }

    /** A look at a statement must not be what decides the transaction's first shard. */
    private Leases.Join joins() {
        return leases.mode() != TransactionState.Mode.EXPLICIT
                        || !leases.joined().isEmpty()
                ? Leases.Join.BEGUN
                : Leases.Join.NOT;
    }

    private static void guarded(Consumer<Failure> failed, Runnable action) {
        try {
            action.run();
        } catch (PandoException refusal) {
            failed.accept(Failure.of(refusal));
        } catch (Refusal refusal) {
            failed.accept(refusal.failure());
        }
    }

    private void planned(FrontendMessage.Parse parse, Consumer<Failure> failed, Consumer<ClientStatement> then) {
        ClientStatement.Birth birth = new ClientStatement.Birth(
                new ClientStatement.Origin(port.epoch(), session.searchPath().current()),
                session.aftermath().schema(port.epoch()));
        session.planned(
                parse.sql(),
                planned -> guarded(
                        failed, () -> then.accept(new ClientStatement(parse, planned, birth, session.settings()))),
                error -> failed.accept(new Failure(error)));
    }

    private void check(ClientStatement statement, int before, Consumer<Failure> failed, Runnable then) {
        ShardId preferred = leases.preferred();
        ShardId shard = preferred != null ? preferred : statement.planned().validationShard(port.anyShard());
        StatementCheck check = new StatementCheck(port, leases, statement, before, failure -> {
            if (failure == null) {
                guarded(failed, then);
            } else {
                failed.accept(failure);
            }
        });
        leases.take(shard, joins(), on -> guarded(failed, () -> check.run(on.link)), failed);
    }

    void execute(Execution execution, String name, Operation.Outcome outcome) {
        if (leases.failed()) {
            throw new PandoException(PandoError.IN_FAILED_TRANSACTION);
        }
        ClientStatement statement = prepared().statement(name);
        if (statement == null) {
            outcome.failed(failure("26000", Prepared.missing(name)));
            return;
        }
        ExecuteText text = ExecuteText.ofExecute(execution.sql());
        current(statement, outcome, now -> {
            int needed = now.planned().plan().command().own() ? now.planned().parameters() : now.valueTypes().length;
            // PostgreSQL looks at the values when there are parameters, and only then.
            List<String> given = needed == 0 ? List.of() : text.parts();
            if (given.size() != needed) {
                outcome.failed(wrongCount(name, needed, given.size()));
                return;
            }
            values(now, given, outcome, new Values() {
                @Override
                public void known(List<byte @Nullable []> values) {
                    runWith(execution, text, now, values, outcome);
                }
            });
        });
    }

    /** Takes the values of an EXECUTE. */
    private interface Values {
        void known(List<byte @Nullable []> values);
    }

    /** Within EXPLAIN or CREATE TABLE AS the statement stands in their text, and has its values there. */
    private void runWith(
            Execution execution,
            ExecuteText text,
            ClientStatement statement,
            List<byte @Nullable []> values,
            Operation.Outcome outcome) {
        if (!text.inside()) {
            run(execution, statement, values, outcome);
            return;
        }
        FrontendMessage.Parse parse = new FrontendMessage.Parse("", text.with(statement.sql()), statement.valueTypes());
        planned(parse, outcome::failed, around -> run(execution, around, values, outcome));
    }

    private static Failure wrongCount(String name, int needed, int given) {
        Map<Character, String> fields = new LinkedHashMap<>(
                ErrorFields.of("ERROR", "42601", "wrong number of parameters for prepared statement \"" + name + "\"")
                        .fields());
        fields.put('D', "Expected " + needed + " parameters but got " + given + ".");
        return new Failure(new ErrorFields(fields));
    }

    /** The statement as it is planned now, with its types and columns known; these must not have changed, as on PostgreSQL. */
    private void current(ClientStatement statement, Operation.Outcome outcome, Consumer<ClientStatement> then) {
        ClientStatement.Origin now =
                new ClientStatement.Origin(port.epoch(), session.searchPath().current());
        boolean own = statement.planned().plan().command().own();
        ResultColumns before = statement.columns();
        if (own
                || (before != null
                        && statement.origin().equals(now)
                        && statement.schema() == session.aftermath().schema(port.epoch()))) {
            then.accept(statement);
            return;
        }
        planned(
                statement.parse(),
                outcome::failed,
                fresh -> check(fresh, 0, outcome::failed, () -> {
                    ResultColumns after = fresh.columns();
                    if (before != null && after != null && !before.same(after)) {
                        outcome.failed(ResultColumns.changed());
                    } else {
                        prepared().put(fresh.madeBy(statement.command()));
                        then.accept(fresh);
                    }
                }));
    }

    /** The values as text. */
    private void values(ClientStatement statement, List<String> given, Operation.Outcome outcome, Values then) {
        List<byte @Nullable []> values = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            int type = i < statement.valueTypes().length ? statement.valueTypes()[i] : 0;
            ExecuteText.Constant constant = ExecuteText.constant(given.get(i), type);
            if (constant == null) {
                computed(statement, given, outcome, then);
                return;
            }
            String text = constant.text();
            values.add(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
        }
        then.known(values);
    }

    /** A server makes each of its parameter's type, where a SELECT of them would run. */
    private void computed(ClientStatement statement, List<String> given, Operation.Outcome outcome, Values then) {
        String names = IntStream.range(0, given.size())
                .mapToObj(i -> "pg_catalog.format_type("
                        + Integer.toUnsignedString(statement.valueTypes()[i]) + ", NULL)")
                .collect(Collectors.joining(", "));
        ask(
                ShardId.HOME,
                "SELECT " + names,
                types -> {
                    String sql = "SELECT "
                            + IntStream.range(0, given.size())
                                    .mapToObj(i -> "CAST((" + given.get(i) + "\n) AS " + types.get(i) + ")")
                                    .collect(Collectors.joining(", "));
                    session.planned(
                            sql.getBytes(StandardCharsets.UTF_8),
                            planned -> guarded(
                                    outcome::failed,
                                    () -> ask(placeOf(planned), sql, row -> then.known(bytes(row)), outcome::failed)),
                            error -> outcome.failed(new Failure(error)));
                },
                outcome::failed);
    }

    private static List<byte @Nullable []> bytes(List<@Nullable String> row) {
        List<byte @Nullable []> values = new ArrayList<>();
        for (String value : row) {
            values.add(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
        }
        return values;
    }

    private ShardId placeOf(Planned planned) {
        if (planned.plan().command() instanceof Command.Setting
                || planned.plan().command().own()) {
            throw new PandoException(PandoError.CROSS_SHARD_SHAPE, "EXECUTE with such a value");
        }
        return switch (planned.plan().target()) {
            case Target.One one -> one.shard();
            case Target.Any any -> {
                ShardId preferred = leases.preferred();
                yield preferred == null ? ShardId.HOME : preferred;
            }
            case Target.Current current -> ShardId.HOME;
            case Target.All all -> throw refusal(planned);
            case Target.ByKey keys -> throw refusal(planned);
            case Target.Nowhere nowhere -> throw refusal(planned);
        };
    }

    private static PandoException refusal(Planned planned) {
        return planned.plan().across() instanceof Across.Refuse refuse
                ? new PandoException(refuse.error(), refuse.particulars().toArray())
                : new PandoException(PandoError.CROSS_SHARD_SHAPE, "EXECUTE with a value from tables");
    }

    private void run(
            Execution outer, ClientStatement statement, List<byte @Nullable []> values, Operation.Outcome outcome) {
        FrontendMessage.Bind said = outer.bind();
        FrontendMessage.Bind bind = new FrontendMessage.Bind(
                "", statement.name(), TEXT, values, said == null ? TEXT : said.resultFormats());
        Execution.Window window = said == null ? outer.window().described() : outer.window();
        Execution execution = new Execution(
                statement.planned(),
                statement.sql(),
                new ParameterTypes(statement.parameterTypes(), statement.valueTypes()),
                bind,
                window,
                () -> {});
        dispatcher.runBound(execution, bind, new Operation.Outcome() {
            @Override
            public void takesData() {
                outcome.takesData();
            }

            @Override
            public void done() {
                session.aftermath().executed(execution.plan());
                session.aftermath().settingsAfter(execution, outcome::done, outcome::failed);
            }

            @Override
            public void failed(Failure failure) {
                outcome.failed(failure);
            }
        });
    }
}
