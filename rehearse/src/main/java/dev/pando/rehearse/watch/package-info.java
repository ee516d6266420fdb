/** Who waits for whom, as the server tells it, and how long each request took. */
@NullMarked
package dev.pando.rehearse.watch;

import org.jspecify.annotations.NullMarked;
