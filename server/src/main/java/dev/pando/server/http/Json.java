package dev.pando.server.http;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Bodies of the HTTP API: records as JSON with keys in snake case. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            // A newer server may tell more than this client knows.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Json() {}

    public static byte[] write(Object body) {
        return (MAPPER.writeValueAsString(body) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Throws Jackson's own exception, unchecked, for what is not of that shape. */
    public static <T> T read(String body, Class<T> type) {
        return MAPPER.readValue(body, type);
    }
}
