package dev.pando.core.route;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pando.base.sql.Shape;
import dev.pando.base.sql.ShapedSql;
import dev.pando.core.merge.MergeSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plans by shape, shared by all sessions of the process. A shape whose plans are bound to their text has a mark instead, and its plans are
 * kept by text. Keys hold the catalog's epoch and the search path, so a plan never outlives what it was made for; memory is bounded by the
 * sum of weights, roughly bytes.
 */
public final class PlanCache {
    private static final int ENTRY_BYTES = 400;
    private static final long SOURCE_BYTES = 48;

    private sealed interface Entry {
        record ByShape(Plan plan, List<Planned.Piece> pieces) implements Entry {}

        record ByText() implements Entry {}
    }

    private record ShapeKey(Shape shape, long epoch, List<String> searchPath) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ShapeKey key
                    && epoch == key.epoch
                    && shape.equals(key.shape)
                    && same(searchPath, key.searchPath);
        }

        @Override
        public int hashCode() {
            return (shape.hashCode() * 31 + Long.hashCode(epoch)) * 31 + searchPath.hashCode();
        }
    }

    /** As {@link List#equals}, which makes two iterators each time. */
    private static boolean same(List<String> one, List<String> other) {
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (!one.get(i).equals(other.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** A text, equal by its bytes. */
    private record TextKey(byte[] sql, long epoch, List<String> searchPath) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof TextKey key
                    && epoch == key.epoch
                    && Arrays.equals(sql, key.sql)
                    && same(searchPath, key.searchPath);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(sql) * 31 + Long.hashCode(epoch);
        }
    }

    private final Cache<ShapeKey, Entry> shapes;
    private final Cache<TextKey, Planned> texts;

    /** Half of {@code bytes} is for plans by shape, half for plans by text. */
    public PlanCache(long bytes) {
        shapes = Caffeine.newBuilder()
                .maximumWeight(bytes / 2)
                .weigher((ShapeKey key, Entry entry) -> ENTRY_BYTES + key.shape.bytes() + weight(entry))
                .build();
        texts = Caffeine.newBuilder()
                .maximumWeight(bytes / 2)
                .weigher((TextKey key, Planned planned) -> weight(key, planned))
                .build();
    }

    private static int weight(Entry entry) {
        return switch (entry) {
            case Entry.ByShape shape -> weight(shape.plan);
            case Entry.ByText text -> 0;
        };
    }

    /** A text is kept with its places of literals and pieces, its shape's text, and its plan. */
    private static int weight(TextKey key, Planned planned) {
        long bytes = 2L * ENTRY_BYTES
                + key.sql.length
                + planned.shaped().shape().bytes()
                + 16L * planned.shaped().literals()
                + 32L * planned.pieces().size()
                + weight(planned.plan());
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    private static int weight(Plan plan) {
        int inner = plan.command() instanceof Command.ExplainPando explain ? weight(explain.plan()) : 0;
        long bytes = inner
                + SOURCE_BYTES * sources(plan)
                + plan.why().stream().mapToLong(line -> 2L * line.length()).sum();
        if (plan.across() instanceof Across.Merge merge) {
            MergeSpec.Grouping grouping = merge.spec().grouping();
            int outputs = grouping == null
                    ? 0
                    : grouping.keys().size() + grouping.outputs().size();
            String sql = merge.shardSql();
            bytes += SOURCE_BYTES * (merge.spec().order().size() + outputs) + (sql == null ? 0 : 2L * sql.length());
        }
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    /** How many values and rows a plan names. */
    private static long sources(Plan plan) {
        long found = 0;
        if (plan.target() instanceof Target.ByKey keys) {
            for (Target.KeySet set : keys.sets()) {
                found += 2 + set.columns().stream().mapToInt(List::size).sum();
            }
        }
        if (plan.across() instanceof Across.SplitRows split) {
            for (Across.RowPart row : split.rows()) {
                found += 2 + row.key().size();
            }
        }
        return found;
    }

    @Nullable
    Planned get(byte[] sql, ShapedSql shaped, long epoch, List<String> searchPath) {
        Entry entry = shapes.getIfPresent(new ShapeKey(shaped.shape(), epoch, searchPath));
        if (entry instanceof Entry.ByShape found) {
            return new Planned(sql, found.plan, shaped, found.pieces);
        }
        return entry == null ? null : texts.getIfPresent(new TextKey(sql, epoch, searchPath));
    }

    void put(Planned planned, long epoch, List<String> searchPath) {
        ShapeKey key = new ShapeKey(planned.shaped().shape(), epoch, searchPath);
        if (planned.plan().textBound() || planned.several()) {
            texts.put(new TextKey(planned.sql(), epoch, searchPath), planned);
            shapes.put(key, new Entry.ByText());
        } else {
            shapes.put(key, new Entry.ByShape(planned.plan(), planned.pieces()));
        }
    }

    /** What the plans kept at the moment weigh, in bytes; maintenance that is due is done first. */
    public long bytes() {
        return bytes(shapes) + bytes(texts);
    }

    private static long bytes(Cache<?, ?> cache) {
        cache.cleanUp();
        return cache.policy()
                .eviction()
                .map(all -> all.weightedSize().orElse(0))
                .orElse(0L);
    }

    /** Plans kept at the moment, for statistics. */
    public long size() {
        return shapes.estimatedSize() + texts.estimatedSize();
    }
}
