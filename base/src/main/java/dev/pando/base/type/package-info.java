/** PostgreSQL types and values: decoding, ordering and arithmetic exactly as the server does them. */
@NullMarked
package dev.pando.base.type;

import org.jspecify.annotations.NullMarked;
