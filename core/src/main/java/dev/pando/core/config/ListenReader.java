package dev.pando.core.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where clients come in, this node among others, and how it makes room for the next process. */
final class ListenReader {
    private final Problems problems;

    ListenReader(Problems problems) {
        this.problems = problems;
    }

    PandoConfig.Listen read(Values listen, Values node, Values restart, List<Values> peers) {
        String hosts = listen.text(ConfigKey.LISTEN_HOST);
        if (Arrays.stream(hosts.split(",", -1)).anyMatch(String::isBlank)) {
            problem(listen, ConfigKey.LISTEN_HOST, "has an empty address");
        }
        return new PandoConfig.Listen(
                listen.text(ConfigKey.LISTEN_HOST),
                listen.whole(ConfigKey.LISTEN_PORT),
                listen.whole(ConfigKey.LISTEN_MAX_CLIENTS),
                listen.whole(ConfigKey.LISTEN_MAX_LOGINS),
                node(node, peers),
                sockets(listen),
                new PandoConfig.Restart(
                        restart.has(ConfigKey.RESTART_SOCKET) ? restart.text(ConfigKey.RESTART_SOCKET) : null,
                        restart.time(ConfigKey.RESTART_CLIENT_TIMEOUT),
                        restart.time(ConfigKey.RESTART_TRANSACTION_TIMEOUT),
                        restart.time(ConfigKey.RESTART_FALLBACK_TIME)));
    }

    private PandoConfig.Sockets sockets(Values listen) {
        String mode = listen.text(ConfigKey.LISTEN_UNIX_SOCKET_MODE);
        if (!mode.matches("0?[0-7]{3}")) {
            problem(listen, ConfigKey.LISTEN_UNIX_SOCKET_MODE, "\"" + mode + "\" is not a mode such as \"0770\"");
        }
        boolean folder = listen.has(ConfigKey.LISTEN_UNIX_SOCKET_DIR);
        if (!folder && listen.given(ConfigKey.LISTEN_UNIX_SOCKET_GROUP)) {
            problem(listen, ConfigKey.LISTEN_UNIX_SOCKET_GROUP, "needs unix_socket_dir");
        }
        return new PandoConfig.Sockets(
                folder ? listen.text(ConfigKey.LISTEN_UNIX_SOCKET_DIR) : null,
                mode,
                listen.has(ConfigKey.LISTEN_UNIX_SOCKET_GROUP) ? listen.text(ConfigKey.LISTEN_UNIX_SOCKET_GROUP) : null,
                listen.flag(ConfigKey.LISTEN_REUSE_PORT));
    }

    private PandoConfig.Node node(Values node, List<Values> entries) {
        int number = node.whole(ConfigKey.NODE_NUMBER);
        List<PandoConfig.Peer> peers = new ArrayList<>();
        Set<Integer> numbers = new HashSet<>();
        for (Values entry : entries) {
            if (!entry.has(ConfigKey.PEER_NUMBER) || !entry.has(ConfigKey.PEER_ADDRESS)) {
                continue;
            }
            int theirs = entry.whole(ConfigKey.PEER_NUMBER);
            if (!numbers.add(theirs)) {
                problem(entry, ConfigKey.PEER_NUMBER, "peer " + theirs + " is there twice");
            }
            // All nodes may share one list: the one that is this node is passed over.
            if (theirs != number) {
                peers.add(new PandoConfig.Peer(theirs, entry.server(ConfigKey.PEER_ADDRESS)));
            }
        }
        if (!peers.isEmpty() && number == 0) {
            problem(node, ConfigKey.NODE_NUMBER, "is missing; a node with peers needs one of its own");
        }
        return new PandoConfig.Node(node.has(ConfigKey.NODE_NAME) ? node.text(ConfigKey.NODE_NAME) : "", number, peers);
    }

    private void problem(Values values, ConfigKey key, String message) {
        problems.add(values.position(key), values.name(key), message);
    }
}
