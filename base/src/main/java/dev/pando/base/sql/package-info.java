/** SQL text as bytes: lexer, quoting, statement shape. */
@NullMarked
package dev.pando.base.sql;

import org.jspecify.annotations.NullMarked;
