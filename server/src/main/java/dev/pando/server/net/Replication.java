package dev.pando.server.net;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a startup packet's parameter {@code replication} asks for. */
enum Replication {
    NONE,
    /** Of the whole server. */
    PHYSICAL,
    /** Of one database. */
    LOGICAL;

    /** What PostgreSQL's own programs say for a database when they need none. */
    private static final String NO_DATABASE = "replication";

    /** As PgBouncer's admin console shows it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Replication of(@Nullable String value) {
        String word = value == null ? "false" : value.toLowerCase(Locale.ROOT);
        if (word.equals("database")) {
            return LOGICAL;
        }
        if (Set.of("true", "on", "yes", "1").contains(word)) {
            return PHYSICAL;
        }
        if (Set.of("false", "off", "no", "0").contains(word)) {
            return NONE;
        }
        throw new PandoException(PandoError.SETTING_REFUSED, "replication", word, "it is true, false or database");
    }

    /** The database whose server is meant: the one that is named, or, where none need be, the only one there is. */
    String database(String named, Databases databases) {
        if (this != PHYSICAL || !named.equals(NO_DATABASE) || databases.isNamed(named)) {
            return named;
        }
        List<Database> all = databases.named();
        if (all.size() == 1) {
            return all.getFirst().name();
        }
        if (all.isEmpty()) {
            return named;
        }
        throw new PandoException(
                PandoError.REPLICATION_REFUSED,
                "there are " + all.size() + " databases here, and none is named \"" + NO_DATABASE + "\"");
    }
}
