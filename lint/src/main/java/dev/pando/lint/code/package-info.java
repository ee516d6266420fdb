/** What a statement runs besides itself: PL/pgSQL, functions it calls, changes within queries; and which of that depends on rows. */
@NullMarked
package dev.pando.lint.code;

import org.jspecify.annotations.NullMarked;
