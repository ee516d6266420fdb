/** Who may log in from where and by which method: files in the format of pg_hba.conf and pg_ident.conf, and the decision. No I/O. */
@NullMarked
package dev.pando.core.hba;

import org.jspecify.annotations.NullMarked;
