/** COPY data cut into rows and dealt out to shards while it streams. */
@NullMarked
package dev.pando.core.copy;

import org.jspecify.annotations.NullMarked;
