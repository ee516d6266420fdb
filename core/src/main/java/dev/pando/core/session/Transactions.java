package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.Injected;
import dev.pando.core.link.ServerLink;
import dev.pando.core.route.Across;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Trace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** BEGIN, COMMIT, ROLLBACK and savepoints over any number of shards, with the tags and warnings PostgreSQL would give. */
final class Transactions {
    private final SessionPort port;
    private final Leases leases;
    private final Listening listening;
    private final Replier replier;
    private boolean undone;

    Transactions(SessionPort port, Leases leases, Listening listening, Replier replier) {
        this.port = port;
        this.leases = leases;
        this.listening = listening;
        this.replier = replier;
    }

    void begin(byte[] sql, @Nullable String isolation, String tag, Operation.Outcome outcome) {
        String text = new String(sql, StandardCharsets.UTF_8);
        List<Participant> joined = leases.joined();
        if (leases.mode() == TransactionState.Mode.NONE) {
            leases.transaction().begin(TransactionState.Mode.EXPLICIT, text, isolation);
            replier.complete(tag);
            outcome.done();
        } else if (leases.failed()) {
            outcome.failed(Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION)));
        } else if (TransactionState.wantsSnapshot(isolation) && joined.size() > 1) {
            outcome.failed(
                    Failure.of(new PandoException(PandoError.ISOLATION_ACROSS_SHARDS, String.valueOf(isolation))));
        } else {
            beginAgain(new ArrayDeque<>(joined), text, problem -> {
                if (problem != null) {
                    outcome.failed(problem);
                    return;
                }
                if (leases.mode() == TransactionState.Mode.EXPLICIT) {
                    replier.notice(ErrorFields.of("WARNING", "25001", "there is already a transaction in progress"));
                }
                leases.transaction().beginAgain(text, isolation);
                replier.complete(tag);
                outcome.done();
            });
        }
    }

    /** PostgreSQL applies the level and modes of a second BEGIN, and refuses a level that comes after a query. */
    private void beginAgain(Deque<Participant> joined, String sql, Consumer<@Nullable Failure> then) {
        Participant participant = joined.pollFirst();
        if (participant == null) {
            then.accept(null);
            return;
        }
        Injected.run(participant.link, sql, result -> {
            ErrorFields error = result.error();
            if (result.lost()) {
                then.accept(leases.lose(participant, error == null ? "" : error.message()));
            } else if (error != null) {
                then.accept(new Failure(error));
            } else {
                beginAgain(joined, sql, then);
            }
        });
    }

    void commit(boolean chain, Operation.Outcome outcome) {
        if (outside("COMMIT", chain, outcome)) {
            return;
        }
        boolean failed = leases.failed();
        end(!failed, chain, problem -> {
            if (problem != null) {
                outcome.failed(problem);
            } else {
                replier.complete(failed ? "ROLLBACK" : "COMMIT");
                outcome.done();
            }
        });
    }

    void rollback(boolean chain, Operation.Outcome outcome) {
        if (outside("ROLLBACK", chain, outcome)) {
            return;
        }
        end(false, chain, problem -> {
            replier.complete("ROLLBACK");
            outcome.done();
        });
    }

    /** The client commits in two phases itself: afterwards there is no transaction here, prepared or failed. */
    void prepare(byte[] sql, Across across, Operation.Outcome outcome) {
        if (leases.mode() != TransactionState.Mode.EXPLICIT) {
            replier.notice(ErrorFields.of("WARNING", "25P01", "there is no transaction in progress"));
        }
        if (leases.mode() == TransactionState.Mode.NONE) {
            replier.complete("ROLLBACK");
            outcome.done();
        } else if (leases.failed()) {
            rollback(false, outcome);
        } else if (across instanceof Across.Refuse refuse) {
            outcome.failed(Failure.of(
                    new PandoException(refuse.error(), refuse.particulars().toArray())));
        } else if (listening.changing()) {
            String message = "cannot PREPARE a transaction that has executed LISTEN, UNLISTEN, or NOTIFY";
            rollbackAll(() -> outcome.failed(new Failure(ErrorFields.of("ERROR", "0A000", message))));
        } else {
            leases.withAll(List.of(ShardId.HOME), links -> prepareOn(links.getFirst(), sql, outcome), outcome::failed);
        }
    }

    private void prepareOn(ServerLink link, byte[] sql, Operation.Outcome outcome) {
        Injected.run(link, new String(sql, StandardCharsets.UTF_8), replier::send, result -> {
            Participant participant = leases.on(link.shard());
            if (result.lost() && participant != null) {
                leases.lose(participant, "");
                ended(false);
                outcome.failed(
                        Failure.of(new PandoException(PandoError.COMMIT_IN_DOUBT, port.shardName(link.shard()))));
                return;
            }
            if (result.error() != null) {
                // Refused before its end began, say on a standby: there it is a failed statement, and the transaction
                // goes on.
                if (link.status() != 'E') {
                    ended(false);
                }
                outcome.failed(new Failure(result.error()));
            } else {
                ended(true);
                replier.complete(String.valueOf(result.tag()));
                outcome.done();
            }
        });
    }

    /** Outside a block there is nothing to chain to, which is an error, and nothing to end, which is worth a warning. */
    private boolean outside(String verb, boolean chain, Operation.Outcome outcome) {
        if (leases.mode() == TransactionState.Mode.EXPLICIT) {
            return false;
        }
        if (chain) {
            String message = verb + " AND CHAIN can only be used in transaction blocks";
            outcome.failed(new Failure(ErrorFields.of("ERROR", "25P01", message)));
        } else {
            replier.notice(ErrorFields.of("WARNING", "25P01", "there is no transaction in progress"));
        }
        return chain;
    }

    /**
     * Whether the end of the transaction may be sent behind statements that this connection has not answered: no other takes part, and
     * nothing else has to be done before.
     */
    boolean endsOn(Participant participant) {
        return leases.mode() == TransactionState.Mode.EXPLICIT
                && !leases.failed()
                && !listening.changing()
                && leases.participants().onlyBegun(participant);
    }

    /** The end that was sent so is over. */
    void endedOn(Participant participant, TransactionEnd end) {
        if (participant.link.heardOfSettings()) {
            // Whether from statements or from their end cannot be told: it is looked at before anybody else has the
            // connection.
            participant.suspected.add(Trace.SETTINGS);
        }
        ended(end.committed());
    }

    private void end(boolean commit, boolean chain, Consumer<@Nullable Failure> then) {
        TransactionState.Chain next = chain ? leases.transaction().chained() : null;
        Consumer<@Nullable Failure> afterwards = problem -> {
            if (next != null && problem == null) {
                leases.transaction().begin(next);
            }
            then.accept(problem);
        };
        if (commit) {
            commitAll(afterwards);
        } else {
            rollbackAll(() -> afterwards.accept(null));
        }
    }

    /** Commits whatever the transaction touched; null on success. Afterwards there is no transaction, whatever happened. */
    void commitAll(Consumer<@Nullable Failure> then) {
        listening.prepare(problem -> {
            if (problem == null) {
                commitServers(then);
            } else {
                rollbackAll(() -> then.accept(new Failure(problem)));
            }
        });
    }

    /**
     * Once after a transaction has ended: whether it has come to nothing. Asked behind its COMMIT or ROLLBACK, and again before
     * ReadyForQuery, because implicit transactions and a COMMIT that fails are only asked about there. The second answer for the same end
     * is no, which harms nothing: the first has removed the cursors that end undid, and those made since belong to another transaction,
     * whose end sets this anew.
     */
    boolean undone() {
        boolean was = undone;
        undone = false;
        return was;
    }

    private void ended(boolean committed) {
        undone = !committed;
        leases.ended(committed);
        listening.ended(committed);
        leases.settle();
    }

    private void commitServers(Consumer<@Nullable Failure> then) {
        List<Participant> joined = leases.joined();
        for (Participant participant : joined) {
            if (participant.link.lost()) {
                Failure lost = leases.lose(participant, "it closed the connection before COMMIT");
                rollbackAll(() -> then.accept(lost));
                return;
            }
        }
        long writers = joined.stream().filter(p -> p.wrote).count();
        if (writers > 1) {
            TwoPhaseCommit.run(port, leases, replier, problem -> {
                ended(problem == null);
                then.accept(problem);
            });
            return;
        }
        Consumer<@Nullable Failure> finished = problem -> {
            ended(problem == null);
            then.accept(problem);
        };
        if (joined.isEmpty()) {
            finished.accept(null);
            return;
        }
        OnEach commit = new OnEach(joined.size(), finished);
        joined.forEach(p -> Injected.run(p.link, "COMMIT", replier::send, result -> commit.answered(p, result)));
    }

    /** Gathers the answers of plain COMMITs, of which at most one is a writer's. */
    private final class OnEach {
        private final Consumer<@Nullable Failure> then;
        private int outstanding;
        private @Nullable Failure failure;

        OnEach(int outstanding, Consumer<@Nullable Failure> then) {
            this.outstanding = outstanding;
            this.then = then;
        }

        void answered(Participant participant, Injected.Result result) {
            if (result.lost()) {
                String shard = port.shardName(participant.link.shard());
                boolean wrote = participant.wrote;
                leases.lose(participant, "");
                // Who only read has nothing to commit: its end does not change what became of the transaction.
                if (wrote) {
                    failure = Failure.of(new PandoException(PandoError.COMMIT_IN_DOUBT, shard));
                }
            } else if (result.error() != null) {
                failure = new Failure(result.error());
            } else {
                // Committed here, settings and all, whatever another shard's outcome does to the whole.
                participant.begun = false;
            }
            if (--outstanding == 0) {
                then.accept(failure);
            }
        }
    }

    void rollbackAll(Runnable then) {
        List<Participant> joined =
                leases.joined().stream().filter(p -> p.link.takesRequests()).toList();
        int[] outstanding = {joined.size()};
        Runnable finished = () -> {
            ended(false);
            then.run();
        };
        if (joined.isEmpty()) {
            finished.run();
            return;
        }
        joined.forEach(p -> Injected.run(p.link, "ROLLBACK", replier::send, result -> {
            if (result.lost()) {
                leases.lose(p, "");
            }
            if (--outstanding[0] == 0) {
                finished.run();
            }
        }));
    }

    /** SAVEPOINT, RELEASE and ROLLBACK TO: on every shard of the transaction; who joins later makes up for it. */
    void savepoint(Savepoint command, byte[] sql, Operation.Outcome outcome) {
        boolean back = command.kind() == Savepoint.Kind.ROLLBACK_TO;
        if (leases.mode() != TransactionState.Mode.EXPLICIT) {
            String message = command.kind().verb + " can only be used in transaction blocks";
            outcome.failed(new Failure(ErrorFields.of("ERROR", "25P01", message)));
        } else if (leases.transaction().doomed() || (leases.failed() && !back)) {
            outcome.failed(Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION)));
        } else if (command.kind() != Savepoint.Kind.SET && !leases.transaction().hasSavepoint(command.name())) {
            String message = "savepoint \"" + command.name() + "\" does not exist";
            outcome.failed(new Failure(ErrorFields.of("ERROR", "3B001", message)));
        } else {
            String text = new String(sql, StandardCharsets.UTF_8);
            savepointOnAll(text, problem -> {
                if (problem == null) {
                    noteSavepoint(command, text);
                    replier.complete(command.kind().tag);
                    outcome.done();
                } else {
                    outcome.failed(problem);
                }
            });
        }
    }

    private void savepointOnAll(String sql, Consumer<@Nullable Failure> then) {
        List<Participant> joined = leases.joined();
        if (joined.isEmpty()) {
            then.accept(null);
            return;
        }
        List<Failure> failures = new ArrayList<>();
        int[] outstanding = {joined.size()};
        joined.forEach(participant -> Injected.run(participant.link, sql, result -> {
            if (result.lost()) {
                failures.add(leases.lose(participant, ""));
            } else if (result.error() != null) {
                failures.add(new Failure(result.error()));
                if (joined.size() > 1) {
                    leases.transaction().doom();
                }
            }
            if (--outstanding[0] == 0) {
                then.accept(failures.isEmpty() ? null : failures.getFirst());
            }
        }));
    }

    private void noteSavepoint(Savepoint command, String sql) {
        switch (command.kind()) {
            case SET -> leases.transaction().setSavepoint(command.name(), sql);
            case RELEASE -> leases.transaction().releaseSavepoint(command.name());
            case ROLLBACK_TO -> leases.rollbackTo(command.name());
        }
    }

    /** A savepoint command. */
    record Savepoint(Kind kind, String name) {
        enum Kind {
            SET("SAVEPOINT", "SAVEPOINT"),
            RELEASE("RELEASE SAVEPOINT", "RELEASE"),
            ROLLBACK_TO("ROLLBACK TO SAVEPOINT", "ROLLBACK");

            private final String verb;
            private final String tag;

            Kind(String verb, String tag) {
                this.verb = verb;
                this.tag = tag;
            }
        }
    }
}
