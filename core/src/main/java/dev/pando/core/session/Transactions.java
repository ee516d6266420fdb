package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.ErrorFields;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** BEGIN, COMMIT, ROLLBACK and savepoints over any number of shards, with the tags and warnings PostgreSQL would give. */
final class Transactions {
    private final SessionPort port;
    private final Leases leases;

    Transactions(SessionPort port, Leases leases) {
        this.port = port;
        this.leases = leases;
    }

    void begin(byte[] sql, @Nullable String isolation, String tag, Replier replier, Operation.Outcome outcome) {
        switch (leases.mode()) {
            case NONE -> leases.begin(Leases.Mode.EXPLICIT, text(sql), isolation);
            case IMPLICIT -> leases.promote();
            case EXPLICIT -> {
                if (leases.failed()) {
                    outcome.failed(Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION)));
                    return;
                }
                replier.notice(ErrorFields.of("WARNING", "25001", "there is already a transaction in progress"));
            }
        }
        replier.complete(tag);
        outcome.done();
    }

    void commit(boolean chain, Replier replier, Operation.Outcome outcome) {
        if (leases.mode() != Leases.Mode.EXPLICIT) {
            replier.notice(ErrorFields.of("WARNING", "25P01", "there is no transaction in progress"));
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

    void rollback(boolean chain, Replier replier, Operation.Outcome outcome) {
        if (leases.mode() != Leases.Mode.EXPLICIT) {
            replier.notice(ErrorFields.of("WARNING", "25P01", "there is no transaction in progress"));
        }
        end(false, chain, problem -> {
            replier.complete("ROLLBACK");
            outcome.done();
        });
    }

    private void end(boolean commit, boolean chain, Consumer<@Nullable Failure> then) {
        String again = chain ? "BEGIN" : "";
        Consumer<@Nullable Failure> afterwards = problem -> {
            if (!again.isEmpty() && problem == null) {
                leases.begin(Leases.Mode.EXPLICIT, again, null);
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
        List<Leases.Participant> joined = leases.joined();
        for (Leases.Participant participant : joined) {
            if (participant.link.lost()) {
                Failure lost = leases.lose(participant, "it closed the connection before COMMIT");
                rollbackAll(() -> then.accept(lost));
                return;
            }
        }
        long writers = joined.stream().filter(p -> p.wrote).count();
        if (writers > 1) {
            TwoPhaseCommit.run(port, leases, problem -> {
                leases.ended(problem == null);
                leases.settle();
                then.accept(problem);
            });
            return;
        }
        Consumer<@Nullable Failure> finished = problem -> {
            leases.ended(problem == null);
            leases.settle();
            then.accept(problem);
        };
        if (joined.isEmpty()) {
            finished.accept(null);
            return;
        }
        OnEach commit = new OnEach(joined.size(), finished);
        joined.forEach(p -> Injected.run(port, p.link, "COMMIT", result -> commit.answered(p, result)));
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

        void answered(Leases.Participant participant, Injected.Result result) {
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
            }
            if (--outstanding == 0) {
                then.accept(failure);
            }
        }
    }

    void rollbackAll(Runnable then) {
        List<Leases.Participant> joined =
                leases.joined().stream().filter(p -> p.link.takesRequests()).toList();
        int[] outstanding = {joined.size()};
        Runnable finished = () -> {
            leases.ended(false);
            leases.settle();
            then.run();
        };
        if (joined.isEmpty()) {
            finished.run();
            return;
        }
        joined.forEach(p -> Injected.run(port, p.link, "ROLLBACK", result -> {
            if (result.lost()) {
                leases.lose(p, "");
            }
            if (--outstanding[0] == 0) {
                finished.run();
            }
        }));
    }

    /** SAVEPOINT, RELEASE and ROLLBACK TO: on the one shard of the transaction, or remembered until there is one. */
    void savepoint(Savepoint command, byte[] sql, Replier replier, Operation.Outcome outcome) {
        List<Leases.Participant> joined = leases.joined();
        if (leases.mode() != Leases.Mode.EXPLICIT) {
            String message = command.kind().verb + " can only be used in transaction blocks";
            outcome.failed(new Failure(ErrorFields.of("ERROR", "25P01", message)));
        } else if (joined.size() > 1) {
            outcome.failed(Failure.of(new PandoException(PandoError.SAVEPOINT_ACROSS_SHARDS)));
        } else if (leases.doomed() || (leases.failed() && command.kind() != Savepoint.Kind.ROLLBACK_TO)) {
            outcome.failed(Failure.of(new PandoException(PandoError.IN_FAILED_TRANSACTION)));
        } else if (joined.isEmpty()) {
            rememberSavepoint(command, sql, replier, outcome);
        } else {
            Leases.Participant only = joined.getFirst();
            Injected.run(port, only.link, text(sql), result -> {
                if (result.lost()) {
                    outcome.failed(leases.lose(only, ""));
                } else if (result.error() != null) {
                    outcome.failed(new Failure(result.error()));
                } else {
                    noteSavepoint(command);
                    replier.complete(command.kind().tag);
                    outcome.done();
                }
            });
        }
    }

    private void rememberSavepoint(Savepoint command, byte[] sql, Replier replier, Operation.Outcome outcome) {
        boolean exists = leases.savepoints().contains(command.name());
        if (exists && command.kind() == Savepoint.Kind.ROLLBACK_TO) {
            noteSavepoint(command);
            replier.complete(command.kind().tag);
            outcome.done();
            return;
        }
        if (command.kind() != Savepoint.Kind.SET && !exists) {
            String message = "savepoint \"" + command.name() + "\" does not exist";
            outcome.failed(new Failure(ErrorFields.of("ERROR", "3B001", message)));
            return;
        }
        leases.addPrelude(text(sql));
        noteSavepoint(command);
        replier.complete(command.kind().tag);
        outcome.done();
    }

    private void noteSavepoint(Savepoint command) {
        switch (command.kind()) {
            case SET -> leases.setSavepoint(command.name());
            case RELEASE -> leases.releaseSavepoint(command.name());
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

    private static String text(byte[] sql) {
        return new String(sql, StandardCharsets.UTF_8);
    }
}
