package dev.pando.core.sight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void percentilesAreWithinSevenPercentOfTheTruth() {
        long seed = 20_261_122;
        Random random = new Random(seed);
        long[] truth = new long[20_000];
        Latencies latencies = new Latencies();
        for (int i = 0; i < truth.length; i++) {
            // From 2 µs to 200 s, each size as likely as the others.
            truth[i] = (long) Math.exp(Math.log(2_000) + random.nextDouble() * Math.log(1e8));
            latencies.add(truth[i]);
        }
        Arrays.sort(truth);
        for (double part : new double[] {0.01, 0.5, 0.9, 0.95, 0.99, 0.999}) {
            long exact = truth[(int) Math.ceil(part * truth.length) - 1];
            assertThat(latencies.percentile(part))
                    .as("seed %d, %f", seed, part)
                    .isCloseTo(exact, Percentage.withPercentage(7));
        }
        assertThat(latencies.count()).isEqualTo(truth.length);
    }

    @Test
    void whatIsTooShortOrTooLongStillCounts() {
        Latencies latencies = new Latencies();
        latencies.add(0);
        latencies.add(Long.MAX_VALUE);
        latencies.add(-5);
        assertThat(latencies.count()).isEqualTo(3);
        assertThat(latencies.percentile(0.5)).isLessThan(2_000);
        assertThat(latencies.percentile(1)).isGreaterThan(3_600_000_000_000L);
    }

    @Test
    void everyClassBeginsWhereTheOneBeforeItEnds() {
        for (int i = 0; i < 250; i++) {
            assertThat(Latencies.classOf(Latencies.begins(i))).isEqualTo(i);
            assertThat(Latencies.classOf(Latencies.begins(i + 1) - 1)).isEqualTo(i);
        }
    }

    @Test
    void memoryIsBounded() {
        Latencies latencies = new Latencies();
        for (int i = 0; i < 64; i++) {
            latencies.add(1L << i);
        }
        assertThat(latencies.bytes()).isLessThanOrEqualTo(40 + 256 * 8);
        Latencies narrow = new Latencies();
        for (int i = 0; i < 1_000; i++) {
            narrow.add(1_000_000 + i * 100);
        }
        assertThat(narrow.bytes()).isLessThan(200);
    }

    @Test
    void twoLoopsAreAddedUp() {
        Latencies one = new Latencies();
        Latencies other = new Latencies();
        for (int i = 0; i < 99; i++) {
            one.add(1_000_000);
        }
        other.add(5_000_000_000L);
        one.add(other);
        assertThat(one.count()).isEqualTo(100);
        assertThat(one.percentile(0.5)).isBetween(900_000L, 1_150_000L);
        assertThat(one.percentile(0.995)).isBetween(4_000_000_000L, 6_000_000_000L);
        assertThat(new Latencies().percentile(0.5)).isZero();
    }

    @Test
    void classesOfPrometheusAreCumulative() {
        Times times = new Times();
        times.add(100_000);
        times.add(100_001);
        times.add(2_000_000_000L);
        times.add(90_000_000_000L);
        assertThat(times.upTo(0)).isEqualTo(1);
        assertThat(times.upTo(1)).isEqualTo(2);
        int twoSeconds = Times.bounds().indexOf(2_000_000_000L);
        assertThat(times.upTo(twoSeconds - 1)).isEqualTo(2);
        assertThat(times.upTo(twoSeconds)).isEqualTo(3);
        assertThat(times.count()).isEqualTo(4);
        assertThat(times.sum()).isEqualTo(92_000_200_001L);
    }
}
