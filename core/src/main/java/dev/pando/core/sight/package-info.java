/**
 * What is seen of statements while they run: how often, how long, where the time went, on which shards, and which of them are one question
 * asked many times. Pure: the time comes in, numbers go out. Everything that counts belongs to one event loop and has no lock; what others
 * read are copies, added up. Only {@code Accounts} is shared by all loops, under a lock that is taken when a client comes or goes.
 *
 * <p>Where to find what:
 *
 * <ul>
 *   <li>while a statement runs: {@code SessionSight} (a session's), {@code Flight} (one statement), {@code Times} and {@code Part} (where its
 *       time goes), {@code TraceParent} (the trace it belongs to)
 *   <li>what an event loop keeps: {@code LoopSight}, by {@code SightSettings}; {@code Onlooker} is shown single statements
 *   <li>by shape: {@code StatementTable}, {@code StatementEntry}, {@code StatementText} (what may be shown); {@code Latencies}
 *   <li>by account: {@code Account}, {@code Accounts} (who is counted apart), {@code Tally}
 *   <li>one question asked many times: {@code Repeats} (finds it), {@code Repetition} (counts it), {@code Remedy} (what to do instead)
 *   <li>copies for readers: {@code SightStats} of {@code StatementStats} and {@code RepetitionStats}, for people; {@code SightCounts} of
 *       {@code TallyStats}, for monitoring
 *   <li>plans of servers: {@code Explainable} (what is kept for that), {@code Outline} (from tokens, when it is seen first), {@code
 *       GenericText} (from the grammar, when it is asked for)
 * </ul>
 */
@NullMarked
package dev.pando.core.sight;

import org.jspecify.annotations.NullMarked;
