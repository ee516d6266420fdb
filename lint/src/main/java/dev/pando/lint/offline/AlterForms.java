package dev.pando.lint.offline;

import dev.pando.grammar.Node;
import dev.pando.lab.oracle.RelationKind;
import dev.pando.lint.offline.Form.Place;
import dev.pando.lint.offline.Table.Column;
import dev.pando.lint.offline.Table.ColumnType;
import dev.pando.lint.offline.Table.Constraint;
import dev.pando.lint.offline.Table.ConstraintKind;
import dev.pando.lint.offline.Table.Filling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The forms of the commands of ALTER TABLE; see {@link Forms}. */
final class AlterForms {
    /** Whose form is their kind alone. */
    private static final Set<String> BARE = Set.of(
            "AT_ChangeOwner",
            "AT_DisableRowSecurity",
            "AT_EnableRowSecurity",
            "AT_ForceRowSecurity",
            "AT_NoForceRowSecurity");
    /** These do the same to all partitions or children of a table; other commands are known of single tables only. */
    private static final Set<String> INHERITED =
            Set.of("AT_AddColumn", "AT_AddConstraint", "AT_ColumnDefault", "AT_DropColumn", "AT_SetNotNull");

    /** None of these needs a column to be NOT NULL. */
    private static final Set<String> DROPPABLE = Set.of("VIEW", "MATERIALIZED_VIEW", "trigger", "policy", "statistics");

    static final Set<String> SYSTEM = Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");
    private static final Set<String> LONG = Set.of("text", "varchar", "bytea", "jsonb", "json");

    private final Schema schema;
    private final ConstraintForms constraints;

    AlterForms(Schema schema, ConstraintForms constraints) {
        this.schema = schema;
        this.constraints = constraints;
    }

    List<Form> of(Node node) {
        Node relation = node.child("relation");
        Table table = schema.table(relation);
        if (!node.text("objtype").equals("OBJECT_TABLE") || node.flag("missing_ok")) {
            throw new Unclear("ALTER of " + node.text("objtype"));
        }
        List<Form> forms = new ArrayList<>();
        Set<String> columns = new HashSet<>();
        for (Node command : node.list("cmds")) {
            Set<String> own = new HashSet<>(named(command));
            if (own.stream().anyMatch(column -> !columns.add(column))) {
                throw new Unclear("several commands about one column");
            }
            forms.add(placed(table, command, relation != null && relation.flag("inh")));
        }
        boolean drops = forms.stream().anyMatch(form -> form.words().startsWith("drop "));
        if (forms.size() > 1 && (drops || !Forms.kind(schema, table).equals("table"))) {
            throw new Unclear("several commands, one of which drops, or on a " + Forms.kind(schema, table));
        }
        return forms;
    }

    private static List<String> named(Node command) {
        List<String> names = new ArrayList<>();
        command.walk(node -> {
            names.addAll(node.names("keys"));
            names.addAll(node.names("fk_attrs"));
            names.add(node.text("colname"));
            if (node.is("AlterTableCmd")) {
                names.add(node.text("name"));
            }
            if (node.is("ColumnRef")) {
                names.addAll(node.names("fields"));
            }
        });
        return names.stream().filter(name -> !name.isEmpty()).distinct().toList();
    }

    /** With the places of partitions or children, where the command does the same to each. */
    private Form placed(Table table, Node command, boolean all) {
        String kind = Forms.kind(schema, table);
        Form form = command(table, command);
        return switch (kind) {
            case "table" -> form;
            case "partition" -> {
                if (form.places().size() > 1) {
                    throw new Unclear(form.words() + " on a " + kind);
                }
                yield new Form(kind + ": " + form.words(), form.places());
            }
            case "partitioned table", "parent table" -> inherited(table, command, all, kind, form);
            default -> throw new Unclear(form.words() + " on a " + kind);
        };
    }

    private Form inherited(Table table, Node command, boolean all, String kind, Form form) {
        List<Table> members = schema.children(table);
        boolean simple = all
                && INHERITED.contains(command.text("subtype"))
                && !form.places().containsKey(Place.REFERENCED)
                && !form.makesIndex()
                && !members.isEmpty()
                && members.stream().allMatch(member -> leaf(member) && alike(table, member, command));
        if (!simple) {
            throw new Unclear(form.words() + " on a " + kind);
        }
        Place place = table.kind == RelationKind.PARTITIONED_TABLE ? Place.PARTITION : Place.CHILD;
        return new Form(kind + ": " + form.words(), form.places()).with(place, members);
    }

    /** Whether the command does to a child what it does to its parent. */
    private static boolean alike(Table table, Table member, Node command) {
        String name = command.text("name");
        return switch (command.text("subtype")) {
            case "AT_AddColumn" ->
                !member.columns.containsKey(definition(command).text("colname"));
            case "AT_SetNotNull" -> proof(member, member.column(name)).equals(proof(table, table.column(name)));
            case "AT_DropColumn" ->
                member.constraints.values().stream()
                        .noneMatch(each ->
                                each.references() != null && each.columns().contains(name));
            default -> true;
        };
    }

    private boolean leaf(Table member) {
        return member.unclear == null
                && member.kind == RelationKind.TABLE
                && schema.children(member).isEmpty();
    }

    private Form command(Table table, Node command) {
        String name = command.text("name");
        String subtype = command.text("subtype");
        return switch (subtype) {
            case "AT_AddColumn" -> addColumn(table, command);
            case "AT_DropColumn" -> dropColumn(table, command);
            case "AT_ColumnDefault" -> setDefault(table, command);
            case "AT_SetNotNull" -> Form.of("set not null, " + proof(table, table.column(name)), table);
            case "AT_DropNotNull" -> dropNotNull(table, table.column(name));
            case "AT_SetStatistics" -> statistics(table, command);
            case "AT_SetStorage" -> storage(table, command);
            case "AT_AlterColumnType" -> new TypeForms(schema).of(table, command);
            case "AT_AddConstraint" -> constraints.add(table, command);
            case "AT_ValidateConstraint" -> constraints.validate(table, ConstraintForms.constraint(table, name));
            case "AT_DropConstraint" -> constraints.drop(table, command);
            case "AT_SetRelOptions" -> options(table, command);
            default -> {
                if (!BARE.contains(subtype)) {
                    throw new Unclear("ALTER TABLE of this kind (" + subtype + ")");
                }
                yield Form.of(subtype, table);
            }
        };
    }

    static Node definition(Node command) {
        Node definition = command.child("def");
        if (definition == null) {
            throw new Unclear(command.text("subtype") + " without a definition");
        }
        return definition;
    }

    // ---- Columns
    // -----------------------------------------------------------------------------------------------------------------

    private Form addColumn(Table table, Node command) {
        Node definition = definition(command);
        if (table.columns.containsKey(definition.text("colname")) || command.flag("missing_ok")) {
            throw new Unclear("ADD COLUMN of one that is there, or may be");
        }
        String words = newColumn(table, definition);
        boolean empty = words.contains("default none");
        if (empty && (words.contains(", not null") || words.contains(", primary key"))) {
            throw new Unclear("NOT NULL without a default, which depends on rows");
        }
        Set<Table> referenced = new LinkedHashSet<>();
        constraints.references(definition.list("constraints"), referenced, table);
        return Form.of("add column, " + words, table).with(Place.REFERENCED, List.copyOf(referenced));
    }

    /** What is particular of a new column; throws unless the server accepts it. */
    String newColumn(Table table, Node definition) {
        String name = definition.text("colname");
        if (SYSTEM.contains(name) || table.columns.containsKey(name)) {
            throw new Unclear("a column of a name that is taken");
        }
        ColumnType type = Columns.type(definition.child("typeName"));
        Node typeName = definition.child("typeName");
        boolean known = Values.builtIn(type)
                || (typeName != null && !type.array() && schema.labels(typeName.names("names")) != null);
        if (!known || definition.has("collClause") || definition.has("compression") || definition.has("storage")) {
            throw new Unclear("a column of type " + type.name());
        }
        Table there = new Table(table.name);
        table.columns.values().forEach(there::change);
        there.change(new Column(definition.text("colname"), type, false, Filling.NONE));
        String filling = Columns.serial(definition) ? "serial" : "default none";
        Set<String> more = new java.util.TreeSet<>();
        for (Node constraint : definition.list("constraints")) {
            switch (constraint.text("contype")) {
                case "CONSTR_NULL" -> {}
                case "CONSTR_NOTNULL" -> more.add(", not null");
                case "CONSTR_DEFAULT" -> {
                    String cost = Values.defaultOf(constraint.child("raw_expr"), type);
                    filling = filling.equals("default none") ? "default " + cost : "twice";
                }
                case "CONSTR_IDENTITY" -> {
                    if (!Set.of("int2", "int4", "int8").contains(type.name()) || constraint.has("options")) {
                        throw new Unclear("this identity column");
                    }
                    filling = filling.equals("default none") ? "identity" : "twice";
                }
                case "CONSTR_CHECK" -> {
                    constraints.named(table, constraint);
                    Values.condition(constraint.child("raw_expr"), there);
                    more.add(", check");
                }
                case "CONSTR_UNIQUE", "CONSTR_PRIMARY" -> {
                    constraints.of(there, constraint, List.of(definition.text("colname")));
                    more.add(constraint.text("contype").equals("CONSTR_UNIQUE") ? ", unique" : ", primary key");
                    boolean second = ConstraintForms.hasPrimaryKey(table) && more.contains(", primary key");
                    if (second) {
                        throw new Unclear("a second primary key");
                    }
                }
                case "CONSTR_FOREIGN" -> {
                    constraints.of(there, constraint, List.of(definition.text("colname")));
                    more.add(", references");
                }
                default -> throw new Unclear("a column with " + constraint.text("contype"));
            }
        }
        if (filling.equals("twice")) {
            throw new Unclear("two defaults");
        }
        return filling + String.join("", more);
    }

    private Form dropColumn(Table table, Node command) {
        Column column = table.column(command.text("name"));
        Forms.entanglement(table);
        schema.uses.certain(table);
        boolean last = table.columns.size() == 1;
        if (command.text("behavior").equals("DROP_CASCADE") || last || inherited(table)) {
            throw new Unclear("DROP COLUMN of this form");
        }
        boolean key = schema.referencing(table).stream()
                .flatMap(other -> other.constraints.values().stream())
                .anyMatch(constraint -> table.name.equals(constraint.references())
                        && constraint.referenced().contains(column.name()));
        if (key) {
            throw new Unclear("a column that a foreign key refers to");
        }
        List<Table> referenced = constraints.referencedBy(
                table, constraint -> constraint.columns().contains(column.name()));
        return Form.of("drop column" + (referenced.isEmpty() ? "" : ", of a foreign key"), table)
                .with(Place.REFERENCED, referenced);
    }

    private boolean inherited(Table table) {
        return schema.family(table).stream().anyMatch(member -> !member.entangled.isEmpty());
    }

    private static Form setDefault(Table table, Node command) {
        Column column = table.column(command.text("name"));
        if (column.filling() != Filling.NONE && column.filling() != Filling.DEFAULT) {
            throw new Unclear("a default of such a column");
        }
        if (!command.has("def")) {
            return Form.of("drop default", table);
        }
        Values.defaultOf(command.child("def"), column.type());
        return Form.of("set default", table);
    }

    /** Whether SET NOT NULL has to read the table. */
    private static String proof(Table table, Column column) {
        if (column.notNull()) {
            return "already";
        }
        List<Constraint> about = table.constraints.values().stream()
                .filter(constraint -> constraint.columns().contains(column.name()))
                .filter(constraint ->
                        constraint.kind() == ConstraintKind.CHECK || constraint.kind() == ConstraintKind.OTHER)
                .toList();
        if (about.stream().anyMatch(check -> check.valid() && column.name().equals(check.provesNotNull()))) {
            return "proven";
        }
        if (about.stream().anyMatch(check -> check.valid() || check.provesNotNull() == null)) {
            throw new Unclear("SET NOT NULL with a CHECK that may prove it");
        }
        return "unproven";
    }

    private static Form dropNotNull(Table table, Column column) {
        boolean key = table.constraints.values().stream()
                .filter(each -> each.kind() == ConstraintKind.PRIMARY_KEY || each.kind() == ConstraintKind.OTHER)
                .anyMatch(each -> each.columns().contains(column.name()));
        if (key
                || !column.notNull()
                || column.filling() == Filling.IDENTITY
                || !DROPPABLE.containsAll(table.entangled)) {
            throw new Unclear("DROP NOT NULL of this form");
        }
        return Form.of("drop not null", table);
    }

    private static Form statistics(Table table, Node command) {
        table.column(command.text("name"));
        Node value = command.child("def");
        String number = value == null ? null : value.constant();
        if (number == null || !number.matches("\\d{1,4}")) {
            throw new Unclear("SET STATISTICS of this form");
        }
        return Form.of("set statistics", table);
    }

    private static Form storage(Table table, Node command) {
        Column column = table.column(command.text("name"));
        String way = String.valueOf(definition(command).constant());
        boolean known = LONG.contains(column.type().name())
                && Set.of("plain", "external", "extended", "main").contains(way.toLowerCase(java.util.Locale.ROOT));
        if (!known) {
            throw new Unclear("SET STORAGE of this form");
        }
        return Form.of("set storage", table);
    }

    private static Form options(Table table, Node command) {
        List<Node> options = command.list("def");
        Node option = options.size() == 1 ? options.getFirst() : null;
        Node value = option == null ? null : option.child("arg");
        String number = value == null ? null : value.constant();
        boolean known = option != null
                && option.text("defname").equals("fillfactor")
                && option.text("defnamespace").isEmpty()
                && number != null
                && number.matches("[1-9]\\d|100");
        if (!known) {
            throw new Unclear("SET of these options");
        }
        return Form.of("set fillfactor", table);
    }
}
