package dev.pando.lint.rule;

import dev.pando.base.sql.Quote;
import dev.pando.lab.oracle.LockMode;
import dev.pando.lab.oracle.Relation;
import dev.pando.lab.oracle.RelationLock;
import dev.pando.lint.fact.LockLine;
import dev.pando.lint.fact.Step;
import dev.pando.lint.fact.Work;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Who waits for a statement, and while it does what: the measure of all rules about locks. */
final class Blocking {
    /** The rules that speak of any statement; those that know a statement better say the same in its own words. */
    static final Set<String> GENERAL = Set.of("blocks-reads", "blocks-writes");

    private Blocking() {}

    /** Present when the statement works through a table while it holds a lock that readers or writers wait for. */
    static Optional<String> of(Step step) {
        List<RelationLock> reads = step.effect().readBlocking();
        List<RelationLock> blocking = reads.isEmpty() ? step.effect().writeBlocking() : reads;
        if (blocking.isEmpty() || step.effect().work().isEmpty()) {
            return Optional.empty();
        }
        String what = reads.isEmpty() ? "blocks writes to " : "blocks every query on ";
        return Optional.of(what + tables(blocking) + " while it " + work(step));
    }

    static String work(Step step) {
        Set<String> parts = new TreeSet<>();
        for (Work work : step.effect().work()) {
            String table = name(work.table());
            parts.add(
                    switch (work.kind()) {
                        case SCAN -> "reads all of " + table;
                        case INDEX_BUILD -> work.verb() + " " + table;
                        case REWRITE -> "rewrites " + table;
                    });
        }
        return String.join(" and ", parts);
    }

    static String tables(List<RelationLock> locks) {
        return String.join(" and ", names(locks));
    }

    static Set<String> names(List<RelationLock> locks) {
        Set<String> names = new TreeSet<>();
        locks.forEach(lock -> names.add(name(lock.relation())));
        return names;
    }

    /** As SQL has it, the schema left out where it is {@code public}. */
    private static String name(Relation relation) {
        return relation.schema().equals("public") ? Quote.identifier(relation.name()) : relation.qualifiedName();
    }

    /** The strongest lock that earlier statements of the transaction hold against readers or writers. */
    static Optional<String> heldBefore(Step step) {
        return step.sharing().stream()
                .filter(other -> !other.effect().writeBlocking().isEmpty())
                .max((left, right) -> mode(left).compareTo(mode(right)))
                .map(other -> LockLine.mode(mode(other)) + " on "
                        + tables(other.effect().writeBlocking()) + " (" + place(other, step) + ")");
    }

    /** Where a step stands, for one that may be in another file. */
    static String place(Step step, Step from) {
        String file = step.migration().name();
        int line = step.statement().place().line();
        return file.equals(from.migration().name()) ? "line " + line : "line " + line + " of " + file;
    }

    /** The strongest lock against readers or writers that the statement itself takes, as code that changes rows may. */
    static Optional<String> heldWithin(Step step) {
        List<RelationLock> held = step.effect().writeBlocking();
        return held.isEmpty() ? Optional.empty() : Optional.of(LockLine.mode(mode(step)) + " on " + tables(held));
    }

    private static LockMode mode(Step step) {
        return step.effect().strongest().orElse(LockMode.ACCESS_SHARE);
    }
}
