/** PostgreSQL's own grammar (libpg_query, WebAssembly) on the JVM. */
@NullMarked
package dev.pando.grammar;

import org.jspecify.annotations.NullMarked;
