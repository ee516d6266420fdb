/** Benches of the data path's hot spots. Run one with {@code java -cp … org.openjdk.jmh.Main NameOfBench}. */
@NullMarked
package dev.pando.jmh;

import org.jspecify.annotations.NullMarked;
