package dev.pando.lint;

import dev.pando.lab.Major;
import dev.pando.lab.TemporaryServer;
import dev.pando.lab.twin.Omission;
import dev.pando.lab.twin.Snapshot;
import dev.pando.lab.twin.Twin;
import dev.pando.lint.fact.Sizes;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Makes what migrations are run on. */
final class Grounds {
    /** Nothing of these is missed by a statement about the schema. */
    private static final Set<String> BESIDE_SCHEMA = Set.of("publication", "extended statistics", "setting", "version");
    /** A relation that has rows; of a partitioned one the partitions have them. */
    private static final Set<String> WITH_ROWS = Set.of("r", "m");

    private Grounds() {}

    /** A twin of a database: its schema, and its sizes for estimates. */
    static Ground twin(Snapshot snapshot, Zone zone, Consumer<String> notes) throws SQLException {
        Twin twin = Twin.ofSchema(snapshot, step -> {});
        try {
            List<Omission> omissions = twin.omissions();
            omissions.stream().filter(Grounds::ofVersion).map(Omission::reason).forEach(notes);
            omissions.stream()
                    .filter(omission -> !ofVersion(omission) && !ofPlanner(omission, snapshot))
                    .forEach(omission -> notes.accept("the twin lacks " + omission));
            Map<String, Long> sizes = new HashMap<>();
            for (Snapshot.Relation relation : snapshot.relations()) {
                if (WITH_ROWS.contains(relation.kind())) {
                    sizes.put(
                            relation.name(),
                            relation.blocks() * snapshot.server().blockSize());
                }
            }
            return new Ground(
                    "measured on a twin of " + snapshot.server().database() + ", PostgreSQL "
                            + twin.server().major().version(),
                    snapshot.server().major(),
                    new Facts(twin.server(), twin.database(), zone),
                    new Sizes(sizes),
                    omissions.stream().noneMatch(omission -> ofSchema(omission, snapshot)),
                    twin::close);
        } catch (SQLException | RuntimeException e) {
            twin.close();
            throw e;
        }
    }

    private static boolean ofVersion(Omission omission) {
        return omission.kind().equals("version");
    }

    /** What the reader says of statistics is of the planner's, not of CREATE STATISTICS. */
    private static boolean ofPlanner(Omission omission, Snapshot snapshot) {
        return omission.kind().equals("statistics") && snapshot.omissions().contains(omission);
    }

    /** Whether a statement can miss it. */
    private static boolean ofSchema(Omission omission, Snapshot snapshot) {
        return !ofPlanner(omission, snapshot) && !BESIDE_SCHEMA.contains(omission.kind());
    }

    /** A server of its own with an empty database. */
    static Ground empty(int version, Zone zone, boolean complete) throws SQLException {
        Major major = Major.packaged(version);
        TemporaryServer server =
                TemporaryServer.startGuarded(major, Map.of("max_locks_per_transaction", "1024", "autovacuum", "off"));
        try {
            return new Ground(
                    "measured on PostgreSQL " + major.version(),
                    version,
                    new Facts(server, "postgres", zone),
                    Sizes.NONE,
                    complete,
                    server::close);
        } catch (SQLException | RuntimeException e) {
            server.close();
            throw e;
        }
    }
}
