package dev.pando.lint.rule;

import dev.pando.lint.fact.Settings;
import dev.pando.lint.fact.Severity;
import dev.pando.lint.fact.Step;
import dev.pando.lint.read.Transaction;
import java.util.Optional;

/** CONCURRENTLY and the like within a transaction. */
final class ConcurrentlyInTransaction implements Rule {
    @Override
    public RuleText text() {
        return new RuleText(
                "concurrently-in-transaction",
                Severity.ERROR,
                "PostgreSQL refuses the statement in a transaction",
                """
                The statement makes transactions of its own, so PostgreSQL refuses it within one (SQLSTATE 25001; 2D000 where code has
                COMMIT).
                """,
                """
                Tell the tool to leave its transaction out for this file: executeInTransaction=false (Flyway, in a .conf file),
                runInTransaction:false (Liquibase), -- +goose NO TRANSACTION, -- migrate:up transaction:false (dbmate), -- no-
                transaction (sqlx), -- atlas:txmode none (Atlas), a file of its own (golang-migrate, Prisma). Drizzle has no such
                way.
                """);
    }

    @Override
    public Optional<String> check(Step step) {
        Transaction transaction = step.statement().transaction();
        boolean refused = step.effect().refusesTransaction() || Settings.refusesTransaction(step);
        if (!transaction.block() || !refused) {
            return Optional.empty();
        }
        return Optional.of(
                switch (transaction.origin()) {
                    case TEXT -> "stands between BEGIN and COMMIT, where PostgreSQL refuses it";
                    case TOOL, STATEMENT ->
                        step.migration().format().title() + " runs it in a transaction, where PostgreSQL refuses it";
                });
    }
}
