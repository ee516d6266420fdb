package dev.pando.rehearse.traffic;

import java.util.List;

/**
 * What a client does next.
 *
 * @param due when, in nanoseconds since the traffic began
 * @param fresh whether it begins with a session of its own
 */
public record Turn(long due, List<Request> requests, boolean fresh) {
    public Turn {
        requests = List.copyOf(requests);
    }
}
