/** What tests share: fleets, differential runs, generators. */
@NullMarked
package dev.pando.testkit;

import org.jspecify.annotations.NullMarked;
