/** From a parsed statement to a plan, and from a plan and its values to shards. */
@NullMarked
package dev.pando.core.route;

import org.jspecify.annotations.NullMarked;
