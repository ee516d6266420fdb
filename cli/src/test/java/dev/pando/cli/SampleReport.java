package dev.pando.cli;

import dev.pando.server.http.StatsReport;
import dev.pando.server.http.StatsReport.Part;
import dev.pando.server.http.StatsReport.Pool;
import dev.pando.server.http.StatsReport.Server;
import dev.pando.server.http.StatsReport.Shard;
import dev.pando.server.http.StatsReport.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Four shards with a million users: one standby behind, one primary dead and its standby promoted by hand, one standby dead. */
final class SampleReport {
    private static final long[] USERS = {233_831, 249_883, 259_295, 259_363};

    private SampleReport() {}

    static StatsReport troubled() {
        return new StatsReport(
                "2026-11-21T12:00:00Z",
                2504,
                7,
                90_061,
                10_000,
                List.of(
                        shard(0, up(0, "0/5A3C0F8"), replica(0, "0/5A3C0F8", 0L, 0L)),
                        shard(1, up(1, "1/22D90010"), replica(1, "1/22A00000", 3_735_568L, 1250L)),
                        shard(
                                2,
                                down(20004),
                                new Server("127.0.0.1:20005", "unexpected", null, "0/61F2AB0", null, null)),
                        shard(3, up(3, "0/5F10000"), down(20007))),
                List.of(
                        new Table("users", "sharded", "users", "hash", null, null),
                        new Table("settings", "reference", null, null, 12L, 65_536L)));
    }

    static StatsReport empty() {
        return new StatsReport("2026-11-21T12:00:00Z", 4, 0, 5, 1, List.of(), List.of());
    }

    private static Shard shard(int id, Server primary, Server replica) {
        boolean down = primary.state().equals("down");
        Long rows = down ? null : USERS[id];
        Long bytes = down ? null : USERS[id] * 110;
        List<Part> parts = new ArrayList<>();
        parts.add(new Part("users", rows, id == 1, bytes, id == 1 ? 0.25 : 0.2499, null));
        parts.add(new Part("settings", down ? null : 12L, false, down ? null : 16_384L, null, null));
        return new Shard(
                id,
                "shard-" + id,
                primary,
                List.of(replica),
                down ? null : 7_340_032L + id,
                rows,
                bytes,
                null,
                0.25,
                down ? null : new Pool(25, id == 3 ? 25 : 4 + id, 9 - id, id == 3 ? 117 : 0, id == 3 ? 1200 : 0, false),
                null,
                parts);
    }

    private static Server up(int id, String wal) {
        return new Server("127.0.0.1:" + (20_000 + 2 * id), "up", null, wal, null, null);
    }

    private static Server replica(int id, String wal, long lag, @Nullable Long millis) {
        return new Server("127.0.0.1:" + (20_001 + 2 * id), lag > 0 ? "lagging" : "up", null, wal, lag, millis);
    }

    private static Server down(int port) {
        return new Server(
                "127.0.0.1:" + port,
                "down",
                "Connection to 127.0.0.1:" + port + " refused. Check that the hostname and port are correct.\n",
                null,
                null,
                null);
    }
}
