/**
 * What is seen of statements while they run: how often, how long, where the time went, on which shards, and which of them are one question
 * asked many times. Pure: the time comes in, numbers go out. Everything that counts belongs to one event loop and has no lock; what others
 * read are copies, added up.
 */
@NullMarked
package dev.pando.core.sight;

import org.jspecify.annotations.NullMarked;
