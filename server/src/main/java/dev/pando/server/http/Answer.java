package dev.pando.server.http;

import java.nio.charset.StandardCharsets;

/** What goes back to a client. */
record Answer(int status, String type, byte[] body) {
    static Answer json(int status, Object body) {
        return new Answer(status, "application/json; charset=utf-8", Json.write(body));
    }

    static Answer text(String type, String body) {
        return new Answer(200, type + "; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
    }

    static Answer error(int status, String message) {
        return json(status, new ErrorBody(status, message));
    }

    /** The body of every answer that is not a success. */
    record ErrorBody(int status, String error) {}
}
