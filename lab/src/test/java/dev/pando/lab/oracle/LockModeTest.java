package dev.pando.lab.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LockModeTest {
    @Test
    void theTableOfConflictsIsTheServers() throws SQLException {
        try (TemporaryServer server = TemporaryServer.start(Map.of());
                Connection holder = server.connect();
                Connection asker = server.connect();
                Statement hold = holder.createStatement();
                Statement ask = asker.createStatement()) {
            hold.execute("CREATE TABLE t ()");
            holder.setAutoCommit(false);
            asker.setAutoCommit(false);
            for (LockMode held : LockMode.values()) {
                hold.execute("LOCK t IN " + held.sqlName() + " MODE");
                Set<LockMode> refused = Arrays.stream(LockMode.values())
                        .filter(mode -> refused(ask, mode))
                        .collect(Collectors.toSet());
                assertThat(held.conflicts()).as(held.sqlName()).isEqualTo(refused);
                holder.rollback();
            }
        }
    }

    private static boolean refused(Statement ask, LockMode mode) {
        try {
            try {
                ask.execute("LOCK t IN " + mode.sqlName() + " MODE NOWAIT");
                return false;
            } catch (SQLException e) {
                assertThat(e.getSQLState()).isEqualTo("55P03");
                return true;
            } finally {
                ask.getConnection().rollback();
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatAModeBlocksFollowsFromItsConflicts() {
        assertThat(LockMode.ACCESS_EXCLUSIVE.blocksReads()).isTrue();
        assertThat(LockMode.EXCLUSIVE.blocksReads()).isFalse();
        assertThat(LockMode.EXCLUSIVE.blocksRowLocks()).isTrue();
        assertThat(LockMode.SHARE_ROW_EXCLUSIVE.blocksWrites()).isTrue();
        assertThat(LockMode.SHARE_UPDATE_EXCLUSIVE.blocksWrites()).isFalse();
        assertThat(LockMode.SHARE_UPDATE_EXCLUSIVE.blocksMaintenance()).isTrue();
        assertThat(LockMode.SHARE.covers(LockMode.SHARE_UPDATE_EXCLUSIVE)).isFalse();
        assertThat(LockMode.SHARE_ROW_EXCLUSIVE.covers(LockMode.SHARE)).isTrue();
    }

    @Test
    void serverNamesAreReadBack() {
        for (LockMode mode : LockMode.values()) {
            assertThat(LockMode.ofServerName(mode.serverName())).isEqualTo(mode);
        }
    }
}
