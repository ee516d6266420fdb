package dev.pando.core.merge;

import static dev.pando.core.merge.Rows.INT4;
import static dev.pando.core.merge.Rows.INT8;
import static dev.pando.core.merge.Rows.NUMERIC;
import static dev.pando.core.merge.Rows.PLENTY;
import static dev.pando.core.merge.Rows.TEXT;
import static dev.pando.core.merge.Rows.columns;
import static dev.pando.core.merge.Rows.drain;
import static dev.pando.core.merge.Rows.merge;
import static dev.pando.core.merge.Rows.row;
import static dev.pando.core.merge.Rows.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.core.merge.MergeSpec.Grouping;
import dev.pando.core.merge.MergeSpec.Output;
import dev.pando.core.merge.MergeSpec.SortKey;
import dev.pando.core.merge.MergeSpec.TextOrder;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergerTest {
    private static final SortKey ASCENDING = new SortKey(0, false, false, TextOrder.BYTES);

    private static MergeSpec ordered(int hidden, SortKey... order) {
        return new MergeSpec(hidden, List.of(order), null, null, null);
    }

    private static MergeSpec grouped(List<Integer> keys, Output... outputs) {
        return new MergeSpec(0, List.of(), null, null, new Grouping(keys, List.of(outputs), 0));
    }

    @Test
    void concatenationPassesRowsAsTheyCome() {
        try (Merger merger = new Merger(MergeSpec.CONCATENATE, 2, -1, 0, PLENTY)) {
            merger.columns(0, columns(3802));
            merger.row(0, row("{}"));
            merger.columns(1, columns(3802));
            ByteBuf body = row("[]");
            merger.row(1, body);
            assertThat(merger.outputColumns()).isEqualTo(columns(3802));
            assertThat(drain(merger)).containsExactly("{}", "[]");
            merger.end(1);
            assertThat(merger.finished()).isFalse();
            merger.end(0);
            assertThat(merger.finished()).isTrue();
            assertThat(body.refCnt()).isZero();
        }
    }

    @Test
    void aReachedLimitFinishesBeforeTheSourcesEnd() {
        try (Merger merger = new Merger(MergeSpec.CONCATENATE, 2, 2, 1, PLENTY)) {
            merger.columns(0, columns(INT4));
            for (int i = 1; i <= 5; i++) {
                merger.row(0, row("" + i));
            }
            assertThat(drain(merger)).containsExactly("2", "3");
            assertThat(merger.finished()).isTrue();
            assertThat(merger.wants(1)).isFalse();
            ByteBuf late = row("6");
            merger.row(0, late);
            assertThat(late.refCnt()).isZero();
        }
    }

    @Test
    void orderedRowsWaitForEverySource() {
        try (Merger merger = new Merger(ordered(0, ASCENDING), 2, -1, 0, PLENTY)) {
            merger.columns(0, columns(INT4));
            merger.columns(1, columns(INT4));
            merger.row(0, row("2"));
            merger.row(0, row("10"));
            assertThat(drain(merger)).isEmpty();
            merger.row(1, row("3"));
            assertThat(drain(merger)).containsExactly("2", "3");
            merger.end(1);
            assertThat(drain(merger)).containsExactly("10");
            merger.end(0);
            assertThat(merger.finished()).isTrue();
        }
    }

    @Test
    void nullsGoWhereTheyAreAskedFor() {
        SortKey nullsFirst = new SortKey(0, true, true, TextOrder.BYTES);
        List<String> first = merge(
                new Merger(ordered(0, nullsFirst), 2, -1, 0, PLENTY),
                columns(TEXT),
                List.of(rows(null, "z", "a"), rows(null, "é", "B")));
        assertThat(first).containsExactly("-", "-", "é", "z", "a", "B");
        List<String> last = merge(
                new Merger(ordered(0, ASCENDING), 2, -1, 0, PLENTY),
                columns(TEXT),
                List.of(rows("a", "z", null), rows("B", "é", null)));
        assertThat(last).containsExactly("B", "a", "z", "é", "-", "-");
    }

    @Test
    void hiddenColumnsAreCutOff() {
        SortKey lastHidden = new SortKey(-1, false, false, TextOrder.UNKNOWN);
        try (Merger merger = new Merger(ordered(2, lastHidden), 2, -1, 0, PLENTY)) {
            for (int source = 0; source < 2; source++) {
                merger.columns(source, columns(TEXT, TEXT, INT4));
                merger.row(source, row("shown" + source, "hidden", "" + (2 - source)));
                merger.end(source);
            }
            assertThat(merger.outputColumns()).isEqualTo(columns(TEXT));
            assertThat(drain(merger)).containsExactly("shown1", "shown0");
        }
    }

    @Test
    void rowsOutOfOrderAreAnError() {
        try (Merger merger = new Merger(ordered(0, ASCENDING), 2, -1, 0, PLENTY)) {
            merger.columns(0, columns(INT4));
            merger.row(0, row("2"));
            assertThatThrownBy(() -> merger.row(0, row("1"))).hasMessageContaining("PD5003");
        }
    }

    @Test
    void whatCannotBeMergedExactlyIsRefused() {
        assertThatThrownBy(() -> new Merger(
                                ordered(0, new SortKey(0, false, false, TextOrder.UNKNOWN)), 2, -1, 0, PLENTY)
                        .columns(0, columns(TEXT)))
                .hasMessageContaining("PD3007");
        assertThatThrownBy(() -> new Merger(ordered(0, ASCENDING), 2, -1, 0, PLENTY).columns(0, columns(3802)))
                .hasMessageContaining("ORDER BY on type jsonb");
        assertThatThrownBy(() ->
                        new Merger(grouped(List.of(), new Output.Sum(0)), 2, -1, 0, PLENTY).columns(0, columns(1186)))
                .hasMessageContaining("sum on type interval");
        assertThatThrownBy(() -> {
                    Merger merger = new Merger(MergeSpec.CONCATENATE, 2, -1, 0, PLENTY);
                    merger.columns(0, columns(INT4));
                    merger.columns(1, columns(TEXT));
                })
                .hasMessageContaining("PD5005");
    }

    @Test
    void groupsAreMergedByEqualityOfTheirType() {
        MergeSpec spec = new MergeSpec(
                0,
                List.of(ASCENDING),
                null,
                null,
                new Grouping(List.of(0), List.of(new Output.Key(0), new Output.Count(1), new Output.Sum(2)), 0));
        List<String> merged = merge(
                new Merger(spec, 2, -1, 0, PLENTY),
                columns(NUMERIC, INT8, NUMERIC),
                List.of(
                        List.of(new String[] {"1.0", "2", "3.5"}, new String[] {"7", "1", null}),
                        List.of(new String[] {"1.00", "3", "0.25"}, new String[] {null, "1", "9"})));
        assertThat(merged).containsExactly("1.0,5,3.75", "7,1,-", "-,1,9");
    }

    @Test
    void oneGroupIsThereWithoutRows() {
        MergeSpec spec = grouped(List.of(), new Output.Count(0), new Output.Sum(1), new Output.Avg(1, 0));
        List<String> merged = merge(new Merger(spec, 1, -1, 0, PLENTY), columns(INT8, INT8), List.of(List.of()));
        assertThat(merged).containsExactly("0,-,-");
    }

    @Test
    void averagesAreNumericWithPostgresScale() {
        MergeSpec spec = grouped(List.of(), new Output.Avg(0, 1));
        Merger merger = new Merger(spec, 2, -1, 0, PLENTY);
        List<String> merged = merge(
                merger,
                columns(INT8, INT8),
                List.of(List.<String[]>of(new String[] {"10", "2"}), List.<String[]>of(new String[] {"0", "1"})));
        assertThat(merged).containsExactly("3.3333333333333333");
        assertThat(merger.outputColumns())
                .isEqualTo(new dev.pando.base.wire.RowDescription(
                        List.of(columns(NUMERIC).fields().getFirst())));
    }

    @Test
    void bigintSumsDoNotWrap() {
        Merger merger = new Merger(grouped(List.of(), new Output.Sum(0)), 2, -1, 0, PLENTY);
        merger.columns(0, columns(INT8));
        merger.row(0, row("9223372036854775807"));
        assertThatThrownBy(() -> merger.row(1, row("1"))).hasMessageContaining("bigint out of range");
    }

    @Test
    void memoryIsBounded() {
        Limits small = new Limits(10_000);
        try (Merger merger = new Merger(ordered(0, ASCENDING), 2, -1, 0, small)) {
            merger.columns(0, columns(INT4));
            int rows = 0;
            while (merger.wants(0)) {
                merger.row(0, row("" + rows++));
            }
            assertThat(rows).isBetween(5, 100);
            assertThat(merger.wants(1)).isTrue();
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            merger.row(0, row("" + 1000));
                        }
                    })
                    .hasMessageContaining("PD2004");
        }
        try (Merger merger = new Merger(grouped(List.of(0), new Output.Key(0)), 2, -1, 0, small)) {
            merger.columns(0, columns(INT4));
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            merger.row(0, row("" + i));
                        }
                    })
                    .hasMessageContaining("PD2004");
        }
    }
}
