package dev.pando.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plays one exchange against a server and writes down what is said. */
final class Player implements AutoCloseable {
    private static final Map<String, String> USUAL = Map.of("user", "app", "database", "app");

    private final Server server;
    private final Map<String, Client> clients = new LinkedHashMap<>();
    private final List<Transcript.Entry> entries = new ArrayList<>();
    private final Normalisation.Numbers numbers = new Normalisation.Numbers();
    private boolean stuck;

    private Player(Server server) {
        this.server = server;
    }

    /** Plays all steps, says goodbye, and keeps also what came after the last step. */
    static Transcript play(Exchange exchange, Server server) throws IOException {
        try (Player player = new Player(server)) {
            for (Step step : exchange.steps()) {
                if (player.stuck) {
                    break;
                }
                player.step(step);
            }
            for (String client : List.copyOf(player.clients.keySet())) {
                player.goodbye(client);
            }
            return new Transcript(player.entries);
        }
    }

    private void step(Step step) throws IOException {
        String client = step.client();
        switch (step) {
            case Step.Send send -> {
                boolean first = !clients.containsKey(client);
                boolean bare = send.shown().startsWith("Start") || send.shown().startsWith("Bytes");
                Client target = first && bare ? open(client) : client(client);
                said(client, "> " + send.shown());
                target.send(send.bytes());
            }
            case Step.Await await -> received(client, client(client).until(await.type(), await.count()));
            case Step.AwaitEnd end -> received(client, client(client).untilEnd());
            case Step.Authenticate authenticate ->
                received(client, client(client).authenticate(authenticate.password()));
            case Step.Login login -> {
                Map<String, String> parameters = new LinkedHashMap<>(USUAL);
                parameters.putAll(login.parameters());
                said(client, "> Login " + login.parameters());
                Client opened = open(client);
                opened.send(Notation.startup(3 << 16, parameters));
                received(client, opened.authenticate("app"));
                received(client, opened.until('Z', 1));
            }
            case Step.Cancel cancel -> client(client).cancel();
        }
    }

    private Client open(String name) throws IOException {
        Client client = new Client(server);
        clients.put(name, client);
        return client;
    }

    /** The client, logged in by now. */
    private Client client(String name) throws IOException {
        Client known = clients.get(name);
        if (known != null) {
            return known;
        }
        Client opened = open(name);
        opened.send(Notation.startup(3 << 16, USUAL));
        opened.authenticate("app");
        Client.Heard heard = opened.until('Z', 1);
        if (heard.end() != Client.End.AS_AWAITED) {
            throw new IOException("no login: "
                    + heard.messages().stream().map(Rendering::line).toList());
        }
        return opened;
    }

    private void goodbye(String name) throws IOException {
        Client client = client(name);
        if (!client.ended() && !stuck) {
            client.send(Notation.framed('X'));
            List<Message> rest = client.untilEnd().messages();
            if (!rest.isEmpty()) {
                said(name, "(after the last step)");
                received(name, new Client.Heard(rest, Client.End.AS_AWAITED));
            }
        }
    }

    private void said(String client, String line) {
        entries.add(new Transcript.Entry(prefix(client) + line, null));
    }

    private void received(String client, Client.Heard heard) {
        for (Message message : Normalisation.all(heard.messages(), numbers)) {
            entries.add(new Transcript.Entry(prefix(client) + Rendering.line(message), message));
        }
        switch (heard.end()) {
            case AS_AWAITED -> {}
            case HUNG_UP -> said(client, "(the server hangs up)");
            case SILENCE -> {
                said(client, "(the server says nothing)");
                stuck = true;
            }
        }
    }

    private String prefix(String client) {
        return client.equals("a") ? "" : client + ": ";
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients.values()) {
            client.close();
        }
    }
}
