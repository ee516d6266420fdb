/**
 * A client session as a state machine: events in, effects out. {@link dev.pando.core.link} has the server's side of it.
 *
 * <p>Where to find what:
 *
 * <ul>
 *   <li>messages in their order: {@code Session}, {@code SessionPort} (all it can do to the world), {@code PassThrough} (session mode),
 *       {@code Cancels} (cancel requests), {@code Finish} (up to ReadyForQuery)
 *   <li>the simple protocol: {@code SimpleProtocol}, {@code SimplePass}, {@code FunctionCalls}; in the middle of a batch: {@code
 *       Interruption}
 *   <li>the extended protocol: {@code ExtendedProtocol} (the steps), {@code Batch} and {@code Pipeline} (up to Sync), {@code CopyPassage},
 *       {@code Expected} (replies due), {@code Prepared}, {@code ClientStatement}, {@code Portal}, {@code Descriptions}, {@code ResultColumns}
 *   <li>what a statement does: {@code Dispatcher}, given an {@code Execution} (a statement with its values); where it goes:
 *       {@code Routing}
 *   <li>on several shards: {@code Scatter}, {@code WriteSeveral}, {@code EverywhereAlone}, {@code CopyIn} (what clients may not send
 *       meanwhile: {@code CopyBreach}), {@code CopyOut}, all of them an {@code Operation}; {@code ShardRequest} is what each shard is sent,
 *       {@code Supply} how it is asked for more, {@code PortalHand} who takes the rows, {@code HeldRows} what a client has not fetched yet
 *   <li>cursors of SQL: {@code Cursors}; over several shards {@code DeclareOnAll}, {@code CursorRows}, {@code CursorPosition}; where code
 *       has opened one: {@code Whereabouts}
 *   <li>transactions: {@code Transactions} (BEGIN to COMMIT), {@code TransactionState} (what is open), {@code Leases} (connections held for it), {@code Opening} (BEGIN
 *       in front of a query), {@code TransactionEnd} (COMMIT behind a batch), {@code Prelude} (for shards that join later), {@code TwoPhaseCommit}
 *   <li>PREPARE, EXECUTE, DEALLOCATE: {@code PreparedSql}, {@code StatementsOfCode} (those of functions), {@code ExecuteText}, {@code StatementCheck}, {@code Deallocation};
 *       {@code ServerStatements} (when servers have to know them by their own names)
 *   <li>SET and what code sets: {@code Settings}, {@code SettingChange}, {@code SearchPath}; {@code Looks} and {@code Look} (what a
 *       statement left on a connection), {@code Aftermath} (what follows from one that succeeded), {@code Cleaning}
 *   <li>LISTEN and NOTIFY: {@code Listening} (a session's), {@code Channels}, {@code SharedListener} (a server's), {@code Notification}
 *   <li>time limits: {@code Vigil}, by {@code Deadlines}, from what {@code Pulse} shows
 * </ul>
 */
@NullMarked
package dev.pando.core.session;

import org.jspecify.annotations.NullMarked;
