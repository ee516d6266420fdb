/** Streams of rows from several shards merged into one, exactly or not at all. */
@NullMarked
package dev.pando.core.merge;

import org.jspecify.annotations.NullMarked;
