package dev.pando.server.control;

import dev.pando.base.Version;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.config.NearMiss;
import dev.pando.core.config.TableConfig;
import dev.pando.core.shard.Key;
import dev.pando.core.shard.ShardingFunction;
import dev.pando.core.topology.Shard;
import dev.pando.core.topology.TableName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions of the schema {@code pando} that clients call; docs/sharding.md describes them. */
final class Functions {
    static final List<String> NAMES = List.of(
            "distribute",
            "reference",
            "undistribute",
            "pin",
            "unpin",
            "distribute_schema",
            "undistribute_schema",
            "shard_of",
            "tables",
            "shards",
            "version");

    private static final Set<String> CHANGING = Set.of(
            "distribute", "reference", "undistribute", "pin", "unpin", "distribute_schema", "undistribute_schema");

    private static final List<String> TABLES = List.of("table", "placement", "key", "function", "group", "settings");
    private static final List<String> SHARDS = List.of("shard", "name", "primary", "replicas");

    private final Fleetwide fleetwide;
    private final Declarations declarations;
    private final Pins pins;
    private final Tenants tenants;

    Functions(Fleetwide fleetwide) {
        this.fleetwide = fleetwide;
        this.declarations = new Declarations(fleetwide);
        this.pins = new Pins(fleetwide);
        this.tenants = new Tenants(fleetwide);
    }

    /** The columns a function answers with, for those who ask before they call. */
    static List<String> answerColumns(String function) {
        return switch (function) {
            case "tables" -> TABLES;
            case "shards" -> SHARDS;
            default -> List.of(function);
        };
    }

    /** Whether the function changes the shard map. */
    static boolean changes(String function) {
        return CHANGING.contains(function);
    }

    CallResult call(String user, String function, List<NamedArgument> arguments) {
        return switch (function) {
            case "distribute" ->
                distribute(
                        user,
                        new CallArguments(function, List.of("table", "key", "function", "colocate_with"), arguments));
            case "reference" -> reference(user, new CallArguments(function, List.of("table"), arguments));
            case "undistribute" -> undistribute(user, new CallArguments(function, List.of("table"), arguments));
            case "pin" -> pin(user, new CallArguments(function, List.of("table", "key", "shard"), arguments));
            case "unpin" -> unpin(user, new CallArguments(function, List.of("table", "key"), arguments));
            case "shard_of" -> shardOf(user, new CallArguments(function, List.of("table", "key"), arguments));
            case "distribute_schema" ->
                distributeSchema(user, new CallArguments(function, List.of("schema", "shard"), arguments));
            case "undistribute_schema" ->
                undistributeSchema(user, new CallArguments(function, List.of("schema"), arguments));
            case "tables" -> tables(new CallArguments(function, List.of(), arguments));
            case "shards" -> shards(new CallArguments(function, List.of(), arguments));
            case "version" -> version(new CallArguments(function, List.of(), arguments));
            default -> throw unknown(function);
        };
    }

    private static PandoException unknown(String function) {
        String meant = NearMiss.closest(function, NAMES);
        return meant == null
                ? new PandoException(PandoError.NO_SUCH_FUNCTION, function)
                : PandoException.detailed(PandoError.NO_SUCH_FUNCTION, "Did you mean pando." + meant + "()?", function);
    }

    private CallResult distribute(String user, CallArguments arguments) {
        TableName table = resolve(user, arguments.required("table"));
        List<String> key = columns(arguments.required("key"));
        Optional<String> function = arguments.optional("function");
        Optional<String> with = arguments.optional("colocate_with");
        boolean unique = arguments.flag("unique_per_shard");
        Map<String, String> settings = arguments.settings();
        if (with.isPresent() && (function.isPresent() || !settings.isEmpty())) {
            throw PlacementChecks.argument(
                    "a table that is co-located has the function of the other one: leave function and its settings out");
        }
        TableConfig wanted = with.isPresent()
                ? new TableConfig.Colocated(table, key, resolve(user, with.get()), unique)
                : new TableConfig.Sharded(table, key, function.orElse("hash"), settings, unique);
        Declarations.Declared done = declarations.declare(wanted, new Requester.Client(user));
        return CallResult.text("distribute", done.summary(), done.notices());
    }

    private CallResult reference(String user, CallArguments arguments) {
        TableName table = resolve(user, arguments.required("table"));
        arguments.refuseOthers();
        Declarations.Declared done = declarations.declare(new TableConfig.Reference(table), new Requester.Client(user));
        return CallResult.text("reference", done.summary(), done.notices());
    }

    private CallResult undistribute(String user, CallArguments arguments) {
        TableName table = resolve(user, arguments.required("table"));
        arguments.refuseOthers();
        Declarations.Declared done = declarations.undistribute(table, new Requester.Client(user));
        return CallResult.text("undistribute", done.summary(), done.notices());
    }

    private CallResult pin(String user, CallArguments arguments) {
        Metadata.Entry table = sharded(user, arguments.required("table"));
        List<String> key = keyValues(table, arguments.required("key"));
        int shard = arguments.requiredNumber("shard");
        arguments.refuseOthers();
        return CallResult.text("pin", pins.pin(table, key, shard, new Requester.Client(user)), List.of());
    }

    private CallResult unpin(String user, CallArguments arguments) {
        Metadata.Entry table = sharded(user, arguments.required("table"));
        List<String> key = keyValues(table, arguments.required("key"));
        arguments.refuseOthers();
        return CallResult.text("unpin", pins.unpin(table, key, new Requester.Client(user)), List.of());
    }

    private CallResult distributeSchema(String user, CallArguments arguments) {
        String schema = schema(arguments);
        var shard = arguments.number("shard");
        arguments.refuseOthers();
        return CallResult.text("distribute_schema", tenants.distribute(schema, shard, user), List.of());
    }

    private CallResult undistributeSchema(String user, CallArguments arguments) {
        String schema = schema(arguments);
        arguments.refuseOthers();
        return CallResult.text("undistribute_schema", tenants.undistribute(schema, user), List.of());
    }

    private String schema(CallArguments arguments) {
        List<String> name = identifiers(arguments.required("schema"));
        if (name.size() != 1) {
            throw PlacementChecks.argument("a schema's name has one part, not " + name.size());
        }
        return name.getFirst();
    }

    private CallResult shardOf(String user, CallArguments arguments) {
        Metadata.Entry table = sharded(user, arguments.required("table"));
        List<String> texts = keyValues(table, arguments.required("key"));
        arguments.refuseOthers();
        Key key = MetadataStore.key(table.keyTypes(), texts);
        Metadata metadata = metadata();
        ShardingFunction function = Metadata.sharded(
                        metadata.group(table.group().orElseThrow()), table)
                .function();
        return new CallResult(
                List.of("shard_of"),
                List.of(CallResult.INT4),
                List.of(row(Integer.toString(function.shardOf(key)))),
                List.of());
    }

    private CallResult tables(CallArguments arguments) {
        arguments.refuseOthers();
        Metadata metadata = metadata();
        List<List<@Nullable String>> rows = new ArrayList<>();
        metadata.tables().values().stream()
                .sorted(Comparator.comparing(
                        (Metadata.Entry entry) -> entry.table().toString()))
                .forEach(entry -> rows.add(describe(metadata, entry)));
        int text = CallResult.TEXT;
        return new CallResult(TABLES, List.of(text, text, text, text, text, text), rows, List.of());
    }

    private static List<@Nullable String> describe(Metadata metadata, Metadata.Entry entry) {
        if (entry.group().isEmpty()) {
            return row(entry.table().toString(), "reference", null, null, null, null);
        }
        Metadata.Group group = metadata.group(entry.group().get());
        ShardingFunction function = group.function();
        return row(
                entry.table().toString(),
                "sharded",
                String.join(", ", entry.keyColumns()),
                function.name(),
                group.name(),
                new java.util.TreeMap<>(function.settings()).toString());
    }

    private CallResult shards(CallArguments arguments) {
        arguments.refuseOthers();
        List<List<@Nullable String>> rows = new ArrayList<>();
        for (Shard shard : fleetwide.fleet().topology().shards()) {
            rows.add(row(
                    Integer.toString(shard.id().index()),
                    shard.name(),
                    shard.primary().toString(),
                    String.join(
                            ", ",
                            shard.replicas().stream().map(Object::toString).toList())));
        }
        return new CallResult(
                SHARDS, List.of(CallResult.INT4, CallResult.TEXT, CallResult.TEXT, CallResult.TEXT), rows, List.of());
    }

    private static CallResult version(CallArguments arguments) {
        arguments.refuseOthers();
        return CallResult.text("version", "Pando " + Version.number(), List.of());
    }

    private Metadata metadata() {
        return fleetwide.read(
                "reading the shard map",
                home -> MetadataStore.load(home, fleetwide.shards().size()));
    }

    private Metadata.Entry sharded(String user, String table) {
        Metadata metadata = metadata();
        List<Metadata.Entry> group = metadata.tablesOf(table);
        if (!group.isEmpty()) {
            return group.getFirst();
        }
        TableName name = resolve(user, table);
        Metadata.Entry entry = metadata.tables().get(name);
        if (entry == null || entry.group().isEmpty()) {
            throw PlacementChecks.argument("table \"" + name + "\" is not sharded");
        }
        return entry;
    }

    /** The relation a name means: with its schema as given, else in the user's own schema, else in public. */
    private TableName resolve(String user, String text) {
        List<String> parts = identifiers(text);
        if (parts.size() == 2) {
            return new TableName(parts.get(0), parts.get(1));
        }
        if (parts.size() != 1) {
            throw PlacementChecks.argument("\"" + text + "\" is not a table's name");
        }
        List<TableName> found = fleetwide.read(
                "looking for table " + text,
                home -> Sql.rows(
                        home,
                        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE c.relname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')"
                                + " AND n.nspname IN (?, 'public') ORDER BY n.nspname = 'public'",
                        row -> new TableName(Sql.text(row, "nspname"), Sql.text(row, "relname")),
                        parts.getFirst(),
                        user));
        if (found.isEmpty()) {
            throw new PandoException(PandoError.NO_SUCH_TABLE, text, 0);
        }
        return found.getFirst();
    }

    /** A dotted name taken apart as PostgreSQL does: folded to lower case unless quoted. */
    private List<String> identifiers(String text) {
        try {
            return fleetwide.read(
                    "reading the name " + text,
                    home -> Sql.one(home, "SELECT parse_ident(?) AS parts", row -> Sql.texts(row, "parts"), text));
        } catch (PandoException e) {
            throw PandoException.causedBy(e, PandoError.DISTRIBUTE_ARGUMENT, "\"" + text + "\" is not a valid name");
        }
    }

    /** Column names exactly as given: a list may quote those with commas. */
    private static List<String> columns(String text) {
        return CallArguments.list(text);
    }

    private static List<String> keyValues(Metadata.Entry table, String text) {
        return table.keyTypes().size() == 1 ? List.of(text) : CallArguments.list(text);
    }

    private static List<@Nullable String> row(@Nullable String... values) {
        List<@Nullable String> row = new ArrayList<>();
        for (@Nullable String value : values) {
            row.add(value);
        }
        return row;
    }
}
