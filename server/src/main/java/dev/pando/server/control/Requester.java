package dev.pando.server.control;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.sql.Connection;
import java.sql.SQLException;

/** Who asks for a change of the shard map. */
sealed interface Requester {
    /** The operator, by the configuration file: may declare any table. */
    record Operator() implements Requester {}

    /** A client's user, who must own what is changed. */
    record Client(String user) implements Requester {}

    /** Throws {@code NOT_OWNER} unless the requester may change how the table is placed. */
    default void requireOwner(Connection home, TableFacts table) throws SQLException {
        switch (this) {
            case Operator operator -> {}
            case Client client -> {
                if (!owns(home, client.user(), table)) {
                    throw new PandoException(PandoError.NOT_OWNER, client.user(), "table \"" + table.name() + "\"");
                }
            }
        }
    }

    private static boolean owns(Connection home, String user, TableFacts table) throws SQLException {
        return !Sql.rows(
                        home,
                        "SELECT FROM pg_roles WHERE rolname = ? AND (rolsuper OR pg_has_role(oid, ?::name, 'USAGE'))",
                        row -> 0,
                        user,
                        table.owner())
                .isEmpty();
    }
}
