package dev.pando.bench;

import java.time.Duration;

/**
 * How long each of those compared is measured, and how often.
 *
 * @param settle load at the beginning that nobody counts
 */
record Pace(int rounds, Duration warmUp, Duration window, Duration settle) {}
