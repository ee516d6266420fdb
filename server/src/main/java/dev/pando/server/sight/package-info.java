/** Where single statements are told of: the log of slow ones, reports of questions asked many times, spans for collectors of traces. */
@NullMarked
package dev.pando.server.sight;

import org.jspecify.annotations.NullMarked;
