package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What Prometheus exporters for PgBouncer ask for: their commands, and the columns they read by name. */
class ExporterTest {
    private static final Map<String, String> LABELS = Map.of(
            "DATABASES", "name host port database force_user pool_mode",
            "STATS_TOTALS", "database",
            "STATS", "database",
            "POOLS", "database user");

    private static final Map<String, String> NUMBERS = Map.of(
            "DATABASES", "pool_size reserve_pool_size max_connections current_connections paused disabled",
            "STATS_TOTALS",
                    "query_count query_time bytes_received bytes_sent wait_time xact_count xact_time client_parse_count"
                            + " server_parse_count bind_count server_assignment_count",
            "STATS",
                    "total_query_count total_query_time total_received total_sent total_wait_time total_xact_count"
                            + " total_xact_time avg_query_count avg_query_time avg_recv avg_sent avg_wait_time avg_xact_count"
                            + " avg_xact_time",
            "POOLS",
                    "cl_active cl_active_cancel_req cl_waiting cl_waiting_cancel_req sv_active sv_active_cancel"
                            + " sv_being_canceled sv_idle sv_used sv_tested sv_login maxwait maxwait_us");

    private static final String LISTS =
            "databases users pools free_clients used_clients login_clients free_servers used_servers dns_names dns_zones"
                    + " dns_queries";

    @Test
    void everyColumnIsThereAndNoTwoRowsHaveTheSameLabels() throws Exception {
        for (int shards : List.of(1, 2)) {
            try (Running pando = Running.before(shards, "[listen]\nport = 0\n[pool]\nsize = 4");
                    Connection client = pando.connect("prepareThreshold=1");
                    Statement statement = client.createStatement();
                    WireClient other = new WireClient(pando.port()).login("other", "app")) {
                for (int i = 0; i < 4; i++) {
                    statement.execute("SELECT 1");
                    other.query("SELECT 1");
                    other.received();
                }
                for (String mode : List.of("simple", "extended")) {
                    // Numbers come as text in the first, in binary in the second.
                    try (Connection admin = pando.admin("other", "preferQueryMode=" + mode, "prepareThreshold=-1");
                            Statement command = admin.createStatement()) {
                        for (String namespace : LABELS.keySet()) {
                            namespace(command, namespace, shards);
                        }
                        lists(command);
                        config(command);
                        clients(command);
                    }
                }
            }
        }
    }

    private static List<String> columns(Map<String, String> of, String namespace) {
        return List.of(of.getOrDefault(namespace, "").split(" ", -1));
    }

    private static void namespace(Statement command, String namespace, int shards) throws SQLException {
        Set<List<String>> labels = new HashSet<>();
        long sum = 0;
        try (ResultSet result = command.executeQuery("SHOW " + namespace)) {
            while (result.next()) {
                List<String> label = new ArrayList<>();
                for (String column : columns(LABELS, namespace)) {
                    label.add(String.valueOf(result.getString(column)));
                }
                assertThat(labels.add(label))
                        .as("%s %s is there once", namespace, label)
                        .isTrue();
                for (String column : columns(NUMBERS, namespace)) {
                    long value = result.getLong(column);
                    boolean measured = !result.wasNull() || (shards > 1 && column.equals("client_parse_count"));
                    assertThat(measured).as("%s is measured", column).isTrue();
                    assertThat(value).as(column).isNotNegative();
                    assertThat(result.getMetaData().getColumnType(result.findColumn(column)))
                            .as(column)
                            .isEqualTo(Types.BIGINT);
                    sum += value;
                }
            }
        }
        assertThat(labels).as(namespace).hasSizeGreaterThanOrEqualTo(shards);
        assertThat(sum).as(namespace).isPositive();
    }

    private static void lists(Statement command) throws SQLException {
        Map<String, Long> lists = new TreeMap<>();
        try (ResultSet result = command.executeQuery("SHOW LISTS")) {
            assertThat(result.getMetaData().getColumnCount()).isEqualTo(2);
            while (result.next()) {
                lists.put(result.getString(1), result.getLong(2));
            }
        }
        assertThat(lists)
                .containsEntry("users", 2L)
                .containsEntry("used_clients", 3L)
                .containsEntry("login_clients", 0L)
                .containsKeys(LISTS.split(" ", -1));
    }

    private static void config(Statement command) throws SQLException {
        Map<String, String> config = new TreeMap<>();
        try (ResultSet result = command.executeQuery("SHOW CONFIG")) {
            assertThat(result.getMetaData().getColumnCount()).isEqualTo(4);
            while (result.next()) {
                assertThat(result.getString("changeable")).isIn("yes", "no");
                config.put(result.getString("key"), result.getString("value"));
            }
        }
        assertThat(config).containsEntry("max_client_conn", "20000").containsEntry("max_user_connections", "0");
    }

    private static void clients(Statement command) throws SQLException {
        List<String> clients = new ArrayList<>();
        try (ResultSet result = command.executeQuery("SHOW CLIENTS")) {
            while (result.next()) {
                clients.add(String.join(
                        " ",
                        result.getString("user"),
                        result.getString("database"),
                        result.getString("state"),
                        result.getString("addr")));
            }
        }
        assertThat(clients)
                .contains("app app idle 127.0.0.1", "other app idle 127.0.0.1", "other pando idle 127.0.0.1");
    }
}
