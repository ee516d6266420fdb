package dev.pando.lab;

import java.util.LinkedHashMap;
import java.util.Map;

/** The settings of a fleet's servers: for a small machine, durable, ready for logical replication and two-phase commit. */
final class FleetSettings {
    private FleetSettings() {}

    static Map<String, String> of(ServerName server, Map<String, String> more) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("cluster_name", "pando " + server);
        settings.put("shared_buffers", "128MB");
        settings.put("max_connections", "200");
        settings.put("max_prepared_transactions", "200");
        settings.put("wal_level", "logical");
        settings.put("max_wal_senders", "20");
        settings.put("max_replication_slots", "20");
        // A standby that is away for longer is copied anew rather than filling its primary's disk.
        settings.put("max_slot_wal_keep_size", "2GB");
        settings.put("hot_standby_feedback", "on");
        settings.put("wal_receiver_status_interval", "1s");
        settings.put("wal_retrieve_retry_interval", "200ms");
        // Many servers on one machine: one helper each for reading ahead, not three.
        settings.put("io_workers", "1");
        settings.put("log_line_prefix", "%m [%p] %q%u@%d ");
        settings.putAll(more);
        return settings;
    }

    /** Adds where a standby finds its primary. */
    static Map<String, String> following(Map<String, String> settings, ServerName standby, int port, Login login) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put(
                "primary_conninfo",
                "host=127.0.0.1 port=" + port + " user=" + login.user() + " password=" + login.password()
                        + " application_name=" + standby.slot() + " sslmode=disable gssencmode=disable");
        all.put("primary_slot_name", standby.slot());
        return all;
    }
}
