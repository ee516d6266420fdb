package dev.pando.lint.rule;

import java.util.List;
import java.util.Optional;

/** All rules, in the order their findings are shown. */
public final class Rules {
    public static final List<Rule> ALL = List.of(
            new SyntaxError(),
            new StatementFails(),
            new NotJudged(),
            new ConcurrentlyInTransaction(),
            new IndexNotConcurrently(),
            new DropIndexNotConcurrently(),
            new ReindexNotConcurrently(),
            new RefreshNotConcurrently(),
            new ConstraintValidatedUnderLock(),
            new SetNotNullScan(),
            new UniqueWithoutIndex(),
            new ColumnTypeRewrite(),
            new ColumnDefaultRewrite(),
            new AttachPartitionScan(),
            new DetachPartition(),
            new BlocksReads(),
            new BlocksWrites(),
            new ValidateWithAdd(),
            new LockHeldWhileWorking(),
            new BackfillUnderLock(),
            new SeveralExclusiveLocks(),
            new LocksOtherTable(),
            new UnboundedBackfill(),
            new InvalidIndexLeft(),
            new EnumValueUsed(),
            new Rename(),
            new DropColumn(),
            new DropObject(),
            new DropCascade(),
            new Truncate(),
            new NotNullWithoutDefault(),
            new LockTimeout(),
            new StatementTimeout(),
            new AllowUnused(),
            new AllowWithoutReason());

    public static final String ALLOW_UNUSED = new AllowUnused().text().id();
    public static final String ALLOW_WITHOUT_REASON =
            new AllowWithoutReason().text().id();

    private Rules() {}

    public static Optional<Rule> of(String id) {
        return ALL.stream().filter(rule -> rule.text().id().equals(id)).findFirst();
    }
}
