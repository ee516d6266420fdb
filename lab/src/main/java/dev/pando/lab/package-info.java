/** Embedded PostgreSQL: servers, standbys and whole fleets on this machine. */
@NullMarked
package dev.pando.lab;

import org.jspecify.annotations.NullMarked;
