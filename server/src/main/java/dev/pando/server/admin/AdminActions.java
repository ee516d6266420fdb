package dev.pando.server.admin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.LiveConfig;
import dev.pando.server.admin.AdminView.DatabaseView;
import dev.pando.server.admin.AdminView.ShardView;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Commands that change something: who may give them, on what, and which of PgBouncer's are not there. */
final class AdminActions {
    /** What a command does, and how: the answer is what the client is to be told besides. */
    private record Action(String what, Function<AdminStatement, List<String>> run) {}

    /** PgBouncer's that Pando does without or does not have yet, and why. */
    private static final Map<String, String> REFUSED = Map.of(
            "SUSPEND", "PAUSE keeps clients waiting, and pando serve --takeover restarts without a gap",
            "DISABLE", "PAUSE keeps a database's clients waiting, and listen.max_clients bounds them",
            "ENABLE", "no database is ever disabled");

    private static final String RESET = "RESET STATEMENTS";

    private final AdminView view;
    private final AdminControl control;
    private final Map<String, Action> actions = new TreeMap<>();

    AdminActions(AdminView view, AdminControl control) {
        this.view = view;
        this.control = control;
        action(
                "PAUSE",
                "lets transactions end, closes server connections, keeps statements waiting",
                statement -> control.pause(places(statement)));
        action("RESUME", "ends a pause", statement -> control.resume(places(statement)));
        action(
                "RECONNECT",
                "has server connections replaced when they are free",
                statement -> control.reconnect(places(statement)));
        action(
                "WAIT_CLOSE",
                "waits until those that RECONNECT replaces are closed",
                statement -> control.awaitClosed(places(statement)));
        action(RESET, "forgets the statements that SHOW STATEMENTS tells of", statement -> control.resetStatements());
        actions.put("RELOAD", new Action("reads the configuration file again", this::reload));
        action("SHUTDOWN", "ends Pando: at once, after WAIT_FOR_SERVERS or WAIT_FOR_CLIENTS", this::shutdown);
        action("KILL", "hangs up on all clients of the database, or of all, and pauses", this::killAll);
        action("KILL_CLIENT", "hangs up on the client with this id, as SHOW CLIENTS tells it", this::killClient);
    }

    private void action(String word, String what, Consumer<AdminStatement> run) {
        actions.put(word, new Action(what, statement -> {
            run.accept(statement);
            return List.of();
        }));
    }

    /** Command and what it does, for SHOW HELP. */
    Map<String, String> help() {
        Map<String, String> help = new TreeMap<>();
        actions.forEach((word, action) -> help.put(word + argument(word), action.what()));
        return help;
    }

    private static String argument(String word) {
        return switch (word) {
            case "KILL_CLIENT" -> " id";
            case "RELOAD", RESET -> "";
            case "SHUTDOWN" -> " [WAIT_FOR_SERVERS|WAIT_FOR_CLIENTS]";
            default -> " [database]";
        };
    }

    /** The command's word, null when the statement is none of these. */
    @Nullable
    String word(AdminStatement statement) {
        String first = first(statement);
        return actions.containsKey(first) || REFUSED.containsKey(first) ? first : null;
    }

    private static String first(AdminStatement statement) {
        // Drivers say RESET of other things.
        return statement.words().equals(RESET) ? RESET : statement.words().split(" ", 2)[0];
    }

    /** Runs one for which {@link #word} has an answer. */
    AdminResult run(AdminStatement statement, String user) {
        String word = first(statement);
        String reason = REFUSED.get(word);
        if (reason != null) {
            throw new PandoException(PandoError.ADMIN_REFUSED, word, reason);
        }
        allow(view, word, user);
        return AdminResult.tag(
                word.split(" ", 2)[0],
                Objects.requireNonNull(actions.get(word)).run().apply(statement));
    }

    /** Throws ADMIN_NEEDED when the user is no administrator. */
    static void allow(AdminView view, String command, String user) {
        boolean admin =
                view.config().users().stream().anyMatch(known -> known.name().equals(user) && known.admin());
        if (!admin) {
            throw new PandoException(PandoError.ADMIN_NEEDED, command, user);
        }
    }

    /** All there are, those of the database that is named, or the shard that is named as {@code database@shard}. */
    private Set<Place> places(AdminStatement statement) {
        String named = statement.argument();
        Set<Place> places = new LinkedHashSet<>();
        for (DatabaseView database : view.databases()) {
            for (ShardView shard : database.shards()) {
                if (named.isEmpty()
                        || named.equals(database.name())
                        || named.equals(database.name() + "@" + shard.name())) {
                    places.add(new Place(database.name(), shard.id()));
                }
            }
        }
        if (places.isEmpty()) {
            throw new PandoException(PandoError.NO_SUCH_DATABASE, named);
        }
        return places;
    }

    private void shutdown(AdminStatement statement) {
        Shutdown mode = switch (statement.words()) {
            case "SHUTDOWN" -> Shutdown.NOW;
            case "SHUTDOWN WAIT_FOR_SERVERS" -> Shutdown.WAIT_FOR_SERVERS;
            case "SHUTDOWN WAIT_FOR_CLIENTS" -> Shutdown.WAIT_FOR_CLIENTS;
            default ->
                throw new PandoException(
                        PandoError.ADMIN_REFUSED,
                        statement.echo(),
                        "it is SHUTDOWN, SHUTDOWN WAIT_FOR_SERVERS or SHUTDOWN WAIT_FOR_CLIENTS");
        };
        control.shutdown(mode);
    }

    private List<String> reload(AdminStatement statement) {
        LiveConfig.Reload done = control.reload();
        List<String> notices = new ArrayList<>();
        notices.add(done.changed().isEmpty() ? "nothing has changed" : "changed: " + String.join(", ", done.changed()));
        if (!done.atNextStart().isEmpty()) {
            notices.add("takes effect at the next start: " + String.join(", ", done.atNextStart()));
        }
        return notices;
    }

    private void killAll(AdminStatement statement) {
        Set<Place> places = places(statement);
        boolean whole = view.databases().stream().allMatch(database -> {
            int named = Place.shards(places, database.name()).size();
            return named == 0 || named == database.shards().size();
        });
        if (!whole) {
            throw new PandoException(
                    PandoError.ADMIN_REFUSED, "KILL of one shard", "clients belong to the database as a whole");
        }
        control.killAll(places);
    }

    private void killClient(AdminStatement statement) {
        String id = statement.argument();
        boolean known = id.matches("[0-9]{1,18}") && control.killClient(Long.parseLong(id));
        if (!known) {
            throw new PandoException(
                    PandoError.ADMIN_REFUSED, "KILL_CLIENT " + id, "there is no client with this id, see SHOW CLIENTS");
        }
    }
}
