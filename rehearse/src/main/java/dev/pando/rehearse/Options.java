package dev.pando.rehearse;

import java.time.Duration;

/**
 * How to rehearse.
 *
 * @param warmUp how long there is traffic that nobody counts: until the server has the clients' plans and this process has compiled what they do
 * @param baseline how long there is traffic before the migration
 * @param after how long there is traffic after everybody is back to normal
 * @param limit of the migration's time, and of the time until everybody is back to normal
 * @param budget nobody is to wait longer
 * @param attempts how often a statement that is its own transaction is tried when it gets no lock in its time
 * @param longReader how long transactions are of a session that does nothing but read; zero for none
 */
record Options(
        Duration warmUp,
        Duration baseline,
        Duration after,
        Duration limit,
        Duration budget,
        int attempts,
        Duration longReader) {}
