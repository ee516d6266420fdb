/**
 * One connection to a PostgreSQL server as a session sees it: requests that follow each other, whose replies find who asked, and what
 * travels with the connection (transaction status, settings, prepared statements, numbers of types).
 */
@NullMarked
package dev.pando.core.link;

import org.jspecify.annotations.NullMarked;
