package dev.pando.lab.oracle;

import dev.pando.lab.oracle.SchemaState.Edge;
import dev.pando.lab.oracle.SchemaState.Link;
import dev.pando.lab.oracle.SchemaState.Row;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** What each locked relation is to the statement, told from foreign keys, inheritance and the names in its text. */
final class Roles {
    private final Set<Edge> edges;
    private final Set<Long> locked;
    private final Set<Long> named;
    private final Set<Long> partitioned;
    private final @Nullable Row target;

    /** {@code target} is the first relation that the statement names and locks. */
    Roles(Set<Edge> edges, Set<Long> locked, Set<Long> named, Set<Long> partitioned, @Nullable Row target) {
        this.edges = edges;
        this.locked = locked;
        this.named = named;
        this.partitioned = partitioned;
        this.target = target;
    }

    Role of(Row row) {
        if (target != null && row.oid() == target.oid()) {
            return Role.TARGET;
        }
        if (row.kind().isIndex()) {
            return Role.INDEX;
        }
        if (target != null) {
            if (target.table() == row.oid()) {
                return Role.TABLE_OF_INDEX;
            }
            Role near = beside(row, oid -> oid == target.oid());
            if (near != null) {
                return near;
            }
        }
        if (target != null && named.contains(row.oid())) {
            return Role.NAMED;
        }
        Role far = beside(row, oid -> oid != row.oid() && locked.contains(oid));
        if (far != null) {
            return far;
        }
        return row.kind() == RelationKind.SEQUENCE ? Role.SEQUENCE : Role.OTHER;
    }

    private @Nullable Role beside(Row row, LongPredicate other) {
        if (linked(Link.DEFAULT_PARTITION_OF, row, locked::contains)) {
            return Role.DEFAULT_PARTITION;
        }
        if (linked(Link.INHERITS, row, other)) {
            return partitioned(row) ? Role.PARTITION : Role.CHILD;
        }
        if (linkedFrom(Link.INHERITS, row, other)) {
            return Role.PARENT;
        }
        if (linkedFrom(Link.REFERENCES, row, other)) {
            return Role.REFERENCED;
        }
        return linked(Link.REFERENCES, row, other) ? Role.REFERENCING : null;
    }

    private boolean partitioned(Row child) {
        return linked(Link.INHERITS, child, partitioned::contains);
    }

    private boolean linked(Link link, Row from, LongPredicate to) {
        return edges.stream().anyMatch(edge -> edge.link() == link && edge.from() == from.oid() && to.test(edge.to()));
    }

    private boolean linkedFrom(Link link, Row to, LongPredicate from) {
        return edges.stream().anyMatch(edge -> edge.link() == link && edge.to() == to.oid() && from.test(edge.from()));
    }
}
