/** HTTP API and status page. */
@NullMarked
package dev.pando.server.http;

import org.jspecify.annotations.NullMarked;
