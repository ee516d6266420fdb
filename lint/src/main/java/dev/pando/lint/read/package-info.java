/** Reading migrations: where they are, whose format they have, their statements and which of these share a transaction. */
@NullMarked
package dev.pando.lint.read;

import org.jspecify.annotations.NullMarked;
