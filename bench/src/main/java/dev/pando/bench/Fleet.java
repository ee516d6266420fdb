package dev.pando.bench;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The servers behind an endpoint, as {@code GET /api/v1/shards/stats} names them. */
record Fleet(List<Shard> shards) {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    record Server(String host, int port) {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    record Shard(String name, Server primary, List<Server> replicas) {
        Shard {
            replicas = List.copyOf(replicas);
        }
    }

    Fleet {
        shards = List.copyOf(shards);
    }

    /** A PostgreSQL without Pando: one shard without known replicas. */
    static Fleet single(PostgresUrl url) {
        return new Fleet(List.of(new Shard(url.database(), new Server(url.host(), url.port()), List.of())));
    }

    /** @throws IOException with a text that names the address and what is wrong */
    static Fleet fetch(URI http) throws IOException, InterruptedException {
        URI uri = URI.create(http.toString().replaceAll("/+$", "") + "/api/v1/shards/stats");
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
            HttpRequest request = HttpRequest.newBuilder(uri).timeout(LIMIT).build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException(uri + " answers " + response.statusCode());
            }
            return parse(response.body());
        } catch (ConnectException e) {
            throw new IOException(uri + " cannot be reached", e);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IOException(uri + " answers something else than shard statistics: " + e.getMessage(), e);
        }
    }

    /** @throws IllegalArgumentException when a shard has no primary with an address */
    static Fleet parse(String json) {
        List<Shard> shards = new ArrayList<>();
        for (JsonNode shard : JsonMapper.shared().readTree(json).path("shards")) {
            List<Server> replicas = new ArrayList<>();
            for (JsonNode replica : shard.path("replicas")) {
                replicas.add(server(replica));
            }
            String name = shard.path("name").asString("shard " + shards.size());
            shards.add(new Shard(name, server(shard.path("primary")), replicas));
        }
        if (shards.isEmpty()) {
            throw new IllegalArgumentException("no shards");
        }
        return new Fleet(shards);
    }

    private static Server server(JsonNode server) {
        JsonNode address = server.isString() ? server : server.path("address");
        if (address.isObject()) {
            return new Server(
                    address.path("host").asString(""), address.path("port").asInt(0));
        }
        String text = address.asString("");
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("server without an address: " + server);
        }
        String host = text.substring(0, colon);
        return new Server(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                Integer.parseInt(text.substring(colon + 1)));
    }
}
