/** The same bytes to PostgreSQL and to Pando, and what comes back. */
@NullMarked
package dev.pando.conformance;

import org.jspecify.annotations.NullMarked;
