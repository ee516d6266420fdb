/** The 'pando' command: launcher, subcommands, terminal output. */
@NullMarked
package dev.pando.cli;

import org.jspecify.annotations.NullMarked;
