package dev.pando.core.topology;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The database's own code that looks at tables, and how statements reach it: by calling it, or by touching what calls it. Whatever is not
 * here looks at no table, or only at reference tables without changing them. Built by the control plane from the system catalogs; names
 * are without schema, so of several with one name the worst counts.
 *
 * @param functions by name
 * @param rowFunctions those of {@code functions} that {@code row.name} may call
 * @param varying functions that are not IMMUTABLE, harmless ones included: their value may differ between servers or calls
 * @param operators by name
 * @param types whose input, casts or CHECKs run such code, by name
 * @param reads by relations whose reading runs such code: row level security, views
 * @param writes by relations whose changing runs such code: triggers, rules, defaults, CHECKs, indexes, foreign keys that cascade
 * @param truncates by relations with a trigger on TRUNCATE that is such code
 * @param divergent triggers and rules, by relation, that would store different values on each server
 * @param ddl code of event triggers, which changes of the schema run; null without such
 * @param names of all functions outside pg_catalog; one that is neither here nor PostgreSQL's own may do anything. Null when the code has
 *     not been looked at
 * @param settings parameters with names of the database's own, such as app.tenant, that code mentions
 * @param everywhere code that any statement may run without showing it: implicit casts, comparisons; null without such
 */
public record HiddenCode(
        Map<String, Found> functions,
        Set<String> rowFunctions,
        Set<String> varying,
        Map<String, Found> operators,
        Map<String, Found> types,
        Map<TableName, Found> reads,
        Map<TableName, Found> writes,
        Map<TableName, Found> truncates,
        Map<TableName, String> divergent,
        @Nullable Found everywhere,
        @Nullable Found ddl,
        Set<String> settings,
        @Nullable Set<String> names) {
    /** Stands for every schema, where relations are known by their names alone. */
    public static final String ANY_SCHEMA = "";

    /** What can be found by looking at a connection. */
    private static final Set<Trace> SEEN = Set.copyOf(EnumSet.complementOf(EnumSet.of(Trace.UNSEEN)));

    private static final Found ANYTHING = new Found(Reach.NONE, "code that has not been read yet", SEEN);

    /** A database whose code has not been read, or cannot be: any statement may meet some. */
    public static final HiddenCode UNREAD = new HiddenCode(
            Map.of(), Set.of(), Set.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), ANYTHING,
            ANYTHING, Set.of(), null);

    /** A database without code of its own. */
    public static final HiddenCode NONE = of(Set.of());

    public HiddenCode {
        functions = Map.copyOf(functions);
        rowFunctions = Set.copyOf(rowFunctions);
        varying = Set.copyOf(varying);
        operators = Map.copyOf(operators);
        types = Map.copyOf(types);
        reads = Map.copyOf(reads);
        writes = Map.copyOf(writes);
        truncates = Map.copyOf(truncates);
        divergent = Map.copyOf(divergent);
        settings = Set.copyOf(settings);
        names = names == null ? null : Set.copyOf(names);
    }

    /** Of a relation by the name a statement gives it, when the relation itself is not known. */
    public static @Nullable Found ofName(Map<TableName, Found> relations, String name) {
        return relations.get(new TableName(ANY_SCHEMA, name));
    }

    /** The same for a database with one server, where nothing matters but what code leaves behind. */
    public HiddenCode ofOneServer() {
        Map<String, Found> leaving = leaving(functions);
        Set<String> byRow = new HashSet<>(rowFunctions);
        byRow.retainAll(leaving.keySet());
        return new HiddenCode(
                leaving,
                byRow,
                Set.of(),
                leaving(operators),
                leaving(types),
                leaving(reads),
                leaving(writes),
                leaving(truncates),
                Map.of(),
                everywhere == null || everywhere.traces.isEmpty() ? null : everywhere,
                ddl,
                settings,
                names);
    }

    private static <K> Map<K, Found> leaving(Map<K, Found> all) {
        Map<K, Found> some = new HashMap<>(all);
        some.values().removeIf(found -> found.traces.isEmpty());
        return some;
    }

    /** Whether the code has been looked at. */
    public boolean known() {
        return names != null;
    }

    /** Whether it is a function outside pg_catalog that the catalog has. */
    public boolean known(String name) {
        return names != null && names.contains(name);
    }

    /** How far code can see. */
    public enum Reach {
        /** No table, or reference tables without changing them: harmless on every shard. */
        NONE,
        /** Tables and state of home: right when run there. */
        HOME,
        /** Sharded tables, changes of reference tables, or what cannot be told: right nowhere. */
        FAR;

        public Reach or(Reach other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }

    /** Code that is not harmless. {@code what} names it for messages: {@code function f()}. */
    public record Found(Reach reach, String what, Set<Trace> traces) {
        public Found {
            traces = Set.copyOf(traces);
        }

        /** Of code that leaves nothing behind. */
        public Found(Reach reach, String what) {
            this(reach, what, Set.of());
        }

        /** The one that reaches farther, or leaves more behind; with what both leave. */
        public static @Nullable Found worse(@Nullable Found one, @Nullable Found other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            int farther = other.reach.compareTo(one.reach);
            Found worst = farther > 0 || (farther == 0 && other.traces.size() > one.traces.size()) ? other : one;
            if (worst.traces.containsAll(one.traces) && worst.traces.containsAll(other.traces)) {
                return worst;
            }
            Set<Trace> both = EnumSet.noneOf(Trace.class);
            both.addAll(one.traces);
            both.addAll(other.traces);
            return new Found(worst.reach, worst.what, both);
        }
    }

    /** Nothing but functions of which nothing is known. */
    public static HiddenCode of(Set<String> functions) {
        Map<String, Found> far = new HashMap<>();
        functions.forEach(name -> far.put(name, new Found(Reach.FAR, "function " + name + "()")));
        return new HiddenCode(
                far, Set.of(), functions, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), null, null,
                Set.of(), functions);
    }
}
