/** Load generator and the reports of 'pando bench'. */
@NullMarked
package dev.pando.bench;

import org.jspecify.annotations.NullMarked;
