package dev.pando.rehearse.traffic;

import java.sql.SQLException;
import java.util.List;

/** Traffic of a file: a server's log, or statements of which clients draw one after the other. */
public sealed interface TrafficFile permits Drawn, Replay {
    /** How many clients there are. */
    int clients();

    /** @param tables knows which tables the statements use */
    Traffic traffic(Tables tables) throws SQLException;

    /** Which tables a statement uses, none when that is not known. */
    interface Tables {
        List<String> of(String sql) throws SQLException;
    }
}
