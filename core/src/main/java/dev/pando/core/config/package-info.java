/** The configuration file: immutable records, every problem reported at once. */
@NullMarked
package dev.pando.core.config;

import org.jspecify.annotations.NullMarked;
