package dev.pando.server.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.core.topology.HiddenCode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** When the code of a plain database is read, and what holds in between. */
class PlainCodeStatesTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final JudgedCatalogs catalogs = new JudgedCatalogs();
    private final PlainCode code = new PlainCode(catalogs, 0);

    /** Answers of a server that has nothing but one function. */
    private static CatalogAnswer answer(String query, String fingerprint, String function) {
        if (query.contains("AS fingerprint")) {
            return new CatalogAnswer(List.of("fingerprint"), List.of(List.of(fingerprint)));
        }
        if (query.equals(CodeQuery.FUNCTIONS.sql())) {
            List<String> columns = List.of(
                    "oid",
                    "name",
                    "language",
                    "kind",
                    "immutable",
                    "temporary",
                    "vouched",
                    "body",
                    "row_argument",
                    "long",
                    "parsed");
            return new CatalogAnswer(
                    columns,
                    List.of(Arrays.asList(
                            "20000",
                            function,
                            "sql",
                            "f",
                            "f",
                            "f",
                            "f",
                            "SELECT pg_advisory_lock(1)",
                            "f",
                            "f",
                            "f")));
        }
        return query.equals(CodeQuery.NAMES.sql())
                ? new CatalogAnswer(List.of("name"), List.of(List.of(function), List.of("lower")))
                : new CatalogAnswer(List.of(), List.of());
    }

    private static int carryOut(PlainReading reading, String fingerprint, String function) {
        int asked = 0;
        for (String query = reading.next(); query != null; query = reading.next()) {
            reading.answered(answer(query, fingerprint, function), 100);
            asked++;
        }
        return asked;
    }

    private int read(PlainCode of, long now, String fingerprint, String function) {
        PlainReading reading = Objects.requireNonNull(of.begin(now));
        int asked = carryOut(reading, fingerprint, function);
        of.read(reading, now);
        return asked;
    }

    @Test
    void untilItIsReadAnythingMayLeaveAnything() {
        assertThat(code.catalog().code()).isEqualTo(HiddenCode.UNREAD);
        assertThat(code.due(0)).isTrue();
        assertThat(read(code, 0, "a", "locks")).isEqualTo(3 + CodeQuery.values().length);
        assertThat(code.catalog().code().everywhere()).isNull();
        assertThat(code.catalog().code().functions()).containsOnlyKeys("locks");
        assertThat(code.catalog().code().names()).containsExactly("locks");
    }

    @Test
    void whatHasTheSameFingerprintIsNotReadAgain() {
        read(code, 0, "a", "locks");
        long epoch = code.epoch();
        assertThat(code.due(PlainCode.INTERVAL.toNanos() - 1)).isFalse();
        assertThat(code.due(PlainCode.INTERVAL.toNanos())).isTrue();
        assertThat(read(code, PlainCode.INTERVAL.toNanos(), "a", "other")).isEqualTo(1);
        assertThat(code.catalog().code().functions()).containsOnlyKeys("locks");
        assertThat(code.epoch()).isEqualTo(epoch);
        assertThat(read(code, 2 * PlainCode.INTERVAL.toNanos(), "b", "other")).isGreaterThan(1);
        assertThat(code.catalog().code().functions()).containsOnlyKeys("other");
        assertThat(code.epoch()).isGreaterThan(epoch);
    }

    @Test
    void aChangeDuringAReadingMakesItWorthless() {
        PlainReading reading = Objects.requireNonNull(code.begin(0));
        assertThat(code.begin(0)).isNull();
        carryOut(reading, "a", "locks");
        code.changed();
        code.read(reading, SECOND);
        assertThat(code.catalog().code()).isEqualTo(HiddenCode.UNREAD);
        // It took a second, so the next one waits for ten.
        assertThat(code.due(10 * SECOND)).isFalse();
        assertThat(code.due(11 * SECOND)).isTrue();
        read(code, 11 * SECOND, "b", "locks");
        assertThat(code.catalog().code().known()).isTrue();
    }

    @Test
    void afterDdlItIsReadAtOnce() {
        read(code, 0, "a", "locks");
        code.changed();
        assertThat(code.catalog().code()).isEqualTo(HiddenCode.UNREAD);
        assertThat(code.due(1)).isTrue();
        assertThat(read(code, 1, "a", "locks")).isGreaterThan(1);
    }

    @Test
    void withoutAConnectionItIsTriedAgainSoonAndWhatIsRefusedLater() {
        assertThat(code.begin(0)).isNotNull();
        assertThat(code.postponed(0)).isFalse();
        assertThat(code.due(SECOND - 1)).isFalse();
        assertThat(code.begin(SECOND)).isNotNull();
        assertThat(code.refused(SECOND)).isTrue();
        assertThat(code.catalog().code()).isEqualTo(HiddenCode.UNREAD);
        assertThat(code.due(60 * SECOND)).isFalse();
        assertThat(code.begin(61 * SECOND)).isNotNull();
        assertThat(code.refused(61 * SECOND)).isFalse();
    }

    @Test
    void whoHasNoRightToReadChangesNothingUntilNobodyHasFor30Times() {
        read(code, 0, "a", "locks");
        long epoch = code.epoch();
        long now = PlainCode.INTERVAL.toNanos();
        for (int i = 0; i < 30; i++) {
            assertThat(code.begin(now)).isNotNull();
            assertThat(code.forbidden(now)).isFalse();
            now += SECOND;
        }
        assertThat(code.catalog().code().known()).isTrue();
        assertThat(code.epoch()).isEqualTo(epoch);
        assertThat(code.begin(now)).isNotNull();
        assertThat(code.forbidden(now)).isTrue();
        assertThat(code.catalog().code()).isEqualTo(HiddenCode.UNREAD);
        assertThat(code.due(now + 59 * SECOND)).isFalse();
        read(code, now + 60 * SECOND, "a", "locks");
        assertThat(code.catalog().code().known()).isTrue();
    }

    @Test
    void thatNobodyHasHadTheRightToReadIsNewsOnce() {
        long news = LongStream.range(0, 40)
                .map(time -> time * 60 * SECOND)
                .filter(now -> {
                    assertThat(code.begin(now)).isNotNull();
                    return code.forbidden(now);
                })
                .count();
        assertThat(news).isEqualTo(1);
    }

    @Test
    void whoHasNoRightAndWhoHasNoConnectionAreCountedApart() {
        read(code, 0, "a", "locks");
        long now = PlainCode.INTERVAL.toNanos();
        for (int i = 0; i < 40; i++) {
            assertThat(code.begin(now)).isNotNull();
            code.postponed(now);
            now += SECOND;
        }
        assertThat(code.begin(now)).isNotNull();
        assertThat(code.forbidden(now)).isFalse();
        assertThat(code.catalog().code().known()).isTrue();
    }

    @Test
    void whatAUserMayHaveBroughtAboutIsNoReasonToLookAway() {
        read(code, 0, "a", "locks");
        code.changed();
        assertThat(code.begin(1)).isNotNull();
        assertThat(code.refused(1)).isTrue();
        assertThat(code.catalog().code()).isEqualTo(HiddenCode.UNREAD);
        assertThat(code.begin(61 * SECOND)).isNotNull();
        assertThat(code.refused(61 * SECOND)).isFalse();
        assertThat(code.catalog().code()).isEqualTo(HiddenCode.UNREAD);
    }

    @Test
    void twoDatabasesAreReadAtOnce() {
        PlainCode second = new PlainCode(catalogs, 0);
        PlainCode third = new PlainCode(catalogs, 0);
        assertThat(code.begin(0)).isNotNull();
        assertThat(second.begin(0)).isNotNull();
        assertThat(third.begin(0)).isNull();
        second.postponed(0);
        assertThat(third.begin(0)).isNotNull();
    }

    @Test
    void thatThereIsNeverAConnectionIsNewsOnce() {
        long news = LongStream.range(0, 100)
                .filter(second -> {
                    assertThat(code.begin(second * SECOND)).isNotNull();
                    return code.postponed(second * SECOND);
                })
                .count();
        assertThat(news).isEqualTo(1);
    }

    @Test
    void answersHaveRoomForAllTogether() {
        PlainReading reading = Objects.requireNonNull(code.begin(0));
        reading.answered(answer(Objects.requireNonNull(reading.next()), "a", "locks"), ReadingBounds.USUAL.bytes() - 1);
        assertThat(reading.room()).isEqualTo(1);
    }

    @Test
    void databasesWithTheSameCodeShareTheirPlans() {
        PlainCode second = new PlainCode(catalogs, 0);
        PlainCode third = new PlainCode(catalogs, 0);
        read(code, 0, "a", "locks");
        read(second, 0, "b", "locks");
        read(third, 0, "c", "other");
        assertThat(second.catalog()).isSameAs(code.catalog());
        assertThat(third.catalog().epoch()).isNotEqualTo(code.catalog().epoch());
    }
}
