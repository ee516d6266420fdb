/** The database's own code: which of it looks at which tables or leaves what on a connection, told from answers of the system catalogs. */
@NullMarked
package dev.pando.server.code;

import org.jspecify.annotations.NullMarked;
