package dev.pando.server.code;

import dev.pando.core.topology.HiddenCode;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.ShardId;
import dev.pando.core.topology.Table;
import dev.pando.core.topology.TableName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One reading of the code of a database that is pooled as it is: says what to ask next, and takes the answers. It begins with a fingerprint
 * of everything that the rest depends on, and ends there if that is still the same.
 */
public final class PlainReading {
    /**
     * Once it is over, the connection is as it was. No name is looked for in schemas of clients', nor first in that of temporary tables.
     */
    public static final String BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
            + " SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL statement_timeout = '5s'; SET LOCAL lock_timeout = '1s'; SET LOCAL role = none;"
            + " SET LOCAL standard_conforming_strings = on; SET LOCAL quote_all_identifiers = off; SET LOCAL transform_null_equals = off";

    /**
     * {@code xmin} changes with whatever DDL does to a row, and only then: statistics are written without. Columns and indexes are left out,
     * since what changes them changes their relation's row too; so is which object belongs to an extension, which nobody changes later.
     */
    private static final String FINGERPRINT = "SELECT concat_ws(' ', current_setting('server_version_num'), "
            + String.join(
                    ", ",
                    sum("pg_proc", "oid >= 16384"),
                    sum("pg_trigger", "NOT tgisinternal"),
                    sum("pg_attrdef", "true"),
                    sum("pg_constraint", "contype IN ('c', 'x', 'f') AND oid >= 16384"),
                    sum("pg_policy", "true"),
                    sum("pg_event_trigger", "true"),
                    sum("pg_rewrite", "oid >= 16384"),
                    sum("pg_operator", "oid >= 16384"),
                    sum("pg_cast", "oid >= 16384"),
                    sum("pg_amproc", "oid >= 16384"),
                    sum("pg_type", "typtype IN ('d', 'r', 'b') AND typelem = 0 AND oid >= 16384"),
                    sum("pg_class", "relkind IN ('r', 'p', 'v', 'm', 'f') AND oid >= 16384 AND relpersistence <> 't'"),
                    sum("pg_inherits", "true", "inhrelid"),
                    "(SELECT sum(hashint8extended((objoid::bigint << 32) | xmin::text::bigint, 0)::numeric)"
                            + " FROM pg_description WHERE classoid = 'pg_proc'::regclass AND objoid >= 16384"
                            + " AND position('pando.safe' in description) > 0)")
            + ") AS fingerprint";

    private static final String RELATIONS =
            "SELECT oid::bigint AS oid, relname AS name, relkind::text AS kind FROM pg_class"
                    + " WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND oid >= 16384";

    private static final String PARENTS =
            "SELECT inhrelid::bigint AS child, inhparent::bigint AS parent FROM pg_inherits WHERE inhseqno = 1";

    private final ReadingBounds bounds;
    private final @Nullable String before;
    private final long epoch;
    private long read;
    private @Nullable String fingerprint;
    private final Deque<String> open = new ArrayDeque<>(List.of(FINGERPRINT));
    private @Nullable CatalogAnswer relations;
    private @Nullable CatalogAnswer parents;
    private final Map<CodeQuery, CatalogAnswer> answers = new EnumMap<>(CodeQuery.class);

    /** {@code before}: the fingerprint of what is known, null when nothing is; {@code epoch}: what the reading holds for. */
    PlainReading(ReadingBounds bounds, @Nullable String before, long epoch) {
        this.bounds = bounds;
        this.before = before;
        this.epoch = epoch;
    }

    /** Of this reading. */
    public ReadingBounds bounds() {
        return bounds;
    }

    long epoch() {
        return epoch;
    }

    private static String sum(String catalog, String which) {
        return sum(catalog, which, "oid");
    }

    private static String sum(String catalog, String which, String oid) {
        return "(SELECT concat(count(*), ':', sum(hashint8extended((" + oid
                + "::bigint << 32) | xmin::text::bigint, 0)::numeric))" + " FROM " + catalog + " WHERE " + which + ")";
    }

    /** The next query, null when all has been asked. */
    public @Nullable String next() {
        return open.peekFirst();
    }

    /** How many bytes the next answer may have. */
    public long room() {
        return bounds.bytes() - read;
    }

    /** The answer to {@link #next}. */
    public void answered(CatalogAnswer answer, long bytes) {
        read += bytes;
        String query = open.removeFirst();
        if (query.equals(FINGERPRINT)) {
            fingerprint = answer.read(row -> row.text("fingerprint")).getFirst();
            if (!fingerprint.equals(before)) {
                open.add(RELATIONS);
                open.add(PARENTS);
                for (CodeQuery each : CodeQuery.values()) {
                    open.add(each.sql());
                }
            }
        } else if (query.equals(RELATIONS)) {
            relations = answer;
        } else if (query.equals(PARENTS)) {
            parents = answer;
        } else {
            for (CodeQuery each : CodeQuery.values()) {
                if (each.sql().equals(query)) {
                    answers.put(each, answer);
                }
            }
        }
    }

    String fingerprint() {
        return Objects.requireNonNull(fingerprint);
    }

    /** Whether there was more to ask than the fingerprint. */
    boolean complete() {
        return relations != null;
    }

    /** What it comes to. Takes a while; for any thread. */
    HiddenCode judged() {
        Map<Long, Table> tables = new HashMap<>();
        Objects.requireNonNull(relations)
                .forEach(row -> tables.put(
                        row.number("oid"),
                        new Table(
                                new TableName(HiddenCode.ANY_SCHEMA, row.text("name")),
                                kind(row.text("kind")),
                                new Placement.Single(ShardId.HOME),
                                List.of(),
                                Set.of())));
        Map<Long, Long> above = new HashMap<>();
        Objects.requireNonNull(parents).forEach(row -> above.put(row.number("child"), row.number("parent")));
        return HiddenCodeLoader.load(answers, tables, above).ofOneServer();
    }

    private static Table.Kind kind(String relkind) {
        return switch (relkind) {
            case "v" -> Table.Kind.VIEW;
            case "m" -> Table.Kind.MATERIALIZED_VIEW;
            case "f" -> Table.Kind.FOREIGN;
            default -> Table.Kind.TABLE;
        };
    }
}
