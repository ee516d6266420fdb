package dev.pando.conformance;

import java.util.Map;

/** One line of a script; {@code client} names the connection it is about, for a script may use several. */
sealed interface Step {
    String client();

    /** Sends bytes; {@code shown} is the line of the script. */
    record Send(String client, String shown, byte[] bytes) implements Step {}

    /** Waits for {@code count} messages of a type and for all that come before. */
    record Await(String client, char type, int count) implements Step {}

    /** Waits until the server hangs up. */
    record AwaitEnd(String client) implements Step {}

    /** Answers the server's SCRAM exchange with a password. */
    record Authenticate(String client, String password) implements Step {}

    /** A whole login, with what the server says to it. */
    record Login(String client, Map<String, String> parameters) implements Step {}

    /** Sends a CancelRequest for what {@code client} runs, over a connection of its own. */
    record Cancel(String client) implements Step {}
}
