/** What clients ask while a migration runs: made from the tables, or read from a file or a server's log. */
@NullMarked
package dev.pando.rehearse.traffic;

import org.jspecify.annotations.NullMarked;
