/** One running Pando, put together from its parts. */
@NullMarked
package dev.pando.server;

import org.jspecify.annotations.NullMarked;
