package dev.pando.core.route;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pando.base.sql.Shape;
import dev.pando.base.sql.ShapedSql;
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

    private sealed interface Entry {
        record ByShape(Plan plan, List<Planned.Piece> pieces) implements Entry {}

        record ByText() implements Entry {}
    }

    private record ShapeKey(Shape shape, long epoch, List<String> searchPath) {}

    /** A text, equal by its bytes. */
    private record TextKey(byte[] sql, long epoch, List<String> searchPath) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof TextKey key
                    && epoch == key.epoch
                    && Arrays.equals(sql, key.sql)
                    && searchPath.equals(key.searchPath);
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
                .weigher(
                        (TextKey key, Planned planned) -> 2 * ENTRY_BYTES + 3 * key.sql.length + weight(planned.plan()))
                .build();
    }

    private static int weight(Entry entry) {
        return entry instanceof Entry.ByShape shape ? weight(shape.plan) : 0;
    }

    private static int weight(Plan plan) {
        int rows =
                plan.across() instanceof Across.SplitRows split ? split.rows().size() : 0;
        int sets = plan.target() instanceof Target.ByKey keys ? keys.sets().size() : 0;
        int sql = plan.across() instanceof Across.Merge merge && merge.shardSql() != null
                ? merge.shardSql().length()
                : 0;
        return 120 * (rows + sets)
                + sql
                + plan.why().stream().mapToInt(String::length).sum();
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

    /** Plans kept at the moment, for statistics. */
    public long size() {
        return shapes.estimatedSize() + texts.estimatedSize();
    }
}
