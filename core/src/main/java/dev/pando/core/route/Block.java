package dev.pando.core.route;

import dev.pando.core.topology.Catalog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One query level: a SELECT, a VALUES, or the part of a writing statement that reads. */
final class Block {
    /** How the level hangs on the one around it. */
    enum Role {
        TOP,
        CTE,
        FROM,
        LATERAL,
        SUBLINK,
        SET_OPERATION,
        INSERT_SOURCE
    }

    /**
     * A relation, and the facts that hold for its rows that matter.
     *
     * @param nullable an outer join may put NULLs in place of its row
     */
    record Leaf(Relation relation, Facts facts, boolean nullable) {}

    final Role role;
    final Ast node;
    final @Nullable Block outer;
    final Scope scope;
    final List<Leaf> leaves = new ArrayList<>();
    final List<Block> inner = new ArrayList<>();
    Facts facts;
    private final Catalog catalog;
    Spread spread = Spread.REPLICATED;

    Block(Role role, Ast node, @Nullable Block outer, Scope scope, Facts facts, Catalog catalog) {
        this.role = role;
        this.node = node;
        this.outer = outer;
        this.scope = scope;
        this.facts = facts;
        this.catalog = catalog;
    }

    /** What in the level is not settled by the rows it reads, see {@link Choices}; null when all is. */
    @Nullable
    String choice() {
        return role == Role.TOP ? null : Choices.of(node, catalog);
    }

    /** The leaves of this level and of all below. */
    List<Leaf> allLeaves() {
        List<Leaf> all = new ArrayList<>();
        collect(all);
        return all;
    }

    private void collect(List<Leaf> all) {
        all.addAll(leaves);
        inner.forEach(block -> block.collect(all));
    }

    boolean readsSharded() {
        return allLeaves().stream().anyMatch(leaf -> leaf.relation().sharded() != null);
    }

    /** What a FROM clause yields when it runs on each shard: the same rows everywhere, each row on one shard, or neither. */
    sealed interface Spread {
        Spread REPLICATED = new Replicated();

        record Replicated() implements Spread {}

        /** The rows of all shards together are the rows of the whole; each lives where these relations' keys live. */
        record ByKey(List<Leaf> leaves) implements Spread {}

        record Broken(Refused why) implements Spread {}
    }
}
