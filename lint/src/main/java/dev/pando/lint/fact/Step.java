package dev.pando.lint.fact;

import dev.pando.grammar.Node;
import dev.pando.lint.read.Migration;
import dev.pando.lint.read.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A statement with what is known of it.
 *
 * @param node of the grammar; null for what the grammar refuses
 * @param syntaxError why it does, null when it does not
 * @param before the steps of the same migration before this one, and those of the files before that share its transaction
 * @param limits in force where it stands
 * @param surroundings what its names mean
 */
public record Step(
        Migration migration,
        Statement statement,
        @Nullable Node node,
        @Nullable String syntaxError,
        Effect effect,
        List<Step> before,
        Limits limits,
        Surroundings surroundings) {
    /**
     * What the names in a statement mean.
     *
     * @param major of the server the migration is for
     * @param relations by the name that the statement has for them
     * @param reached what its changes of rows do by way of foreign keys, by the same names
     * @param dropped those of the names in a DROP, or of the enum in an ALTER TYPE, that mean what the migration has made itself
     * @param code statements that it runs besides itself
     * @param variables of the code it stands in
     */
    public record Surroundings(
            int major,
            Map<String, Meaning> relations,
            Map<String, List<Reach>> reached,
            Set<String> dropped,
            List<Inner> code,
            Variables variables) {
        private Surroundings within(Variables inner) {
            return new Surroundings(major, relations, reached, dropped, code, inner);
        }
    }

    public boolean is(String tag) {
        return node != null && node.is(tag);
    }

    public int major() {
        return surroundings.major();
    }

    /** The steps before this one in its transaction. */
    public List<Step> sharing() {
        int transaction = statement.transaction().id();
        return before.stream()
                .filter(step -> step.statement.transaction().id() == transaction)
                .toList();
    }

    public Meaning meaning(@Nullable Node range) {
        return range == null
                ? Meaning.NOTHING
                : surroundings.relations().getOrDefault(Names.of(range), Meaning.NOTHING);
    }

    /** What its change of rows does to other tables, those left out that nobody else uses yet. */
    public List<Reach> reached() {
        List<Change> changes = node == null ? List.of() : Change.of(node);
        return changes.stream()
                .flatMap(change -> surroundings.reached().getOrDefault(change.relation(), List.of()).stream()
                        .filter(reach -> reach.follows(change) && !reach.own()))
                .toList();
    }

    /** The relations that the statement, or what it runs besides itself, names. */
    public Set<String> named() {
        return surroundings.relations().values().stream().map(Meaning::name).collect(Collectors.toSet());
    }

    /** Whether others may use the relation; what another migration made counts as there. */
    public boolean existed(@Nullable Node range) {
        return range != null && !meaning(range).own();
    }

    /** The relation that an ALTER TABLE, a CREATE INDEX or the like is about; null for other statements. */
    public @Nullable Node relation() {
        return node == null ? null : node.child("relation");
    }

    /** Whether another step's statement is about the same relation as this one's. */
    public boolean aboutSame(Step other) {
        long oid = meaning(relation()).oid();
        return oid != 0 && oid == other.meaning(other.relation()).oid();
    }

    public Variables variables() {
        return surroundings.variables();
    }

    /** As if a statement that it runs besides itself stood in its place. */
    public Step within(Inner inner) {
        return new Step(
                migration,
                statement,
                inner.node(),
                null,
                effect,
                before,
                limits,
                surroundings.within(inner.variables()));
    }
}
