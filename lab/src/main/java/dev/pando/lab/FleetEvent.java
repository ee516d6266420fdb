package dev.pando.lab;

import java.time.Duration;

/** What happens to a fleet, for a progress bar, a log or a dashboard. Listeners are called from several threads. */
public sealed interface FleetEvent {
    /** Opening has come to {@code done} of {@code total} steps; {@code what} was finished last. */
    record Progress(int done, int total, String what) implements FleetEvent {}

    /** The server takes connections. */
    record ServerReady(ServerName server, int port, long pid) implements FleetEvent {}

    /** The server ended without being asked to. */
    record ServerDied(ServerName server, String reason) implements FleetEvent {}

    /** The server will be started again after {@code delay}; {@code attempt} counts from 1. */
    record ServerRestarting(ServerName server, int attempt, Duration delay) implements FleetEvent {}

    /** The standby cannot follow its primary any more and is copied anew. */
    record ServerRecloning(ServerName server, String reason) implements FleetEvent {}
}
