/** Values of PostgreSQL types as they stand in DataRow fields: decoding, order, arithmetic, encoding. */
@NullMarked
package dev.pando.base.type;

import org.jspecify.annotations.NullMarked;
