/** Sharding functions: one definition, a Java and an SQL rendition. */
@NullMarked
package dev.pando.core.shard;

import org.jspecify.annotations.NullMarked;
