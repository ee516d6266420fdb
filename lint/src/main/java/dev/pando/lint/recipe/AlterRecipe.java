package dev.pando.lint.recipe;

import dev.pando.base.sql.Quote;
import dev.pando.grammar.Node;
import dev.pando.lint.fact.Names;
import dev.pando.lint.fact.Rewrite;
import dev.pando.lint.fact.Step;
import dev.pando.lint.recipe.AlterText.Command;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** ALTER TABLE as steps: each of its commands by itself, in the form that blocks nobody for long. */
final class AlterRecipe {
    /** NAMEDATALEN less the zero byte; longer names PostgreSQL shortens in its own way. */
    private static final int LONGEST_NAME = 63;

    private final Step step;
    private final Catalog catalog;
    private final AlterText alter;
    private final Node table;
    private final List<String> steps = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();
    /** Names that steps have given. */
    private final Set<String> named = new HashSet<>();

    private AlterRecipe(Step step, Catalog catalog, AlterText alter, Node table) {
        this.step = step;
        this.catalog = catalog;
        this.alter = alter;
        this.table = table;
    }

    static Optional<Rewrite> of(Step step, Node node, Catalog catalog) {
        Node table = node.child("relation");
        Optional<AlterText> text = AlterText.of(step.statement().sql(), node);
        if (table == null || text.isEmpty()) {
            return Optional.empty();
        }
        var recipe = new AlterRecipe(step, catalog, text.get(), table);
        boolean all = recipe.alter.commands().stream().allMatch(recipe::command);
        return all ? Optional.of(new Rewrite(recipe.steps, List.copyOf(recipe.notes))) : Optional.empty();
    }

    /** Adds the steps for one command; false if there is no recipe for it. */
    private boolean command(Command command) {
        Node node = command.node();
        return switch (node.text("subtype")) {
            case "AT_AddConstraint" -> constraint(command);
            case "AT_SetNotNull" -> {
                notNull(node.text("name"));
                yield true;
            }
            case "AT_AddColumn" -> column(command);
            case "AT_AlterColumnType" -> type(command);
            case "AT_AttachPartition" -> attach(command);
            case "AT_DetachPartition" -> detach(command);
            default -> asItIs(command);
        };
    }

    private boolean asItIs(Command command) {
        return alter(command.text());
    }

    private boolean alter(String command) {
        steps.add(alter.header() + " " + command);
        return true;
    }

    private boolean constraint(Command command) {
        Node constraint = command.node().child("def");
        if (constraint == null) {
            return false;
        }
        return switch (constraint.text("contype")) {
            case "CONSTR_CHECK", "CONSTR_FOREIGN" -> {
                String name = name(constraint);
                String definition = Words.rest(command.text());
                if (name != null && !constraint.has("conname")) {
                    definition = "CONSTRAINT " + Quote.identifier(name) + " " + definition;
                }
                yield constraint.flag("skip_validation") ? asItIs(command) : notValid(name, definition);
            }
            case "CONSTR_NOTNULL" ->
                constraint.flag("skip_validation")
                        ? asItIs(command)
                        : notValid(name(constraint), Words.rest(command.text()));
            case "CONSTR_UNIQUE", "CONSTR_PRIMARY" ->
                constraint.has("indexname") ? asItIs(command) : unique(command, constraint);
            default -> asItIs(command);
        };
    }

    private boolean notValid(@Nullable String name, String definition) {
        if (name == null) {
            return false;
        }
        alter("ADD " + definition + " NOT VALID");
        return alter("VALIDATE CONSTRAINT " + Quote.identifier(name));
    }

    /** The name that PostgreSQL would give; null when that is not sure. */
    private @Nullable String name(Node constraint) {
        if (constraint.has("conname")) {
            return constraint.text("conname");
        }
        return switch (constraint.text("contype")) {
            case "CONSTR_FOREIGN" -> made(constraint.names("fk_attrs"), "fkey");
            case "CONSTR_UNIQUE" -> {
                List<String> columns = new ArrayList<>(constraint.names("keys"));
                columns.addAll(constraint.names("including"));
                yield made(columns, "key");
            }
            case "CONSTR_PRIMARY" -> made(List.of(), "pkey");
            case "CONSTR_NOTNULL" -> made(constraint.names("keys"), "not_null");
            case "CONSTR_CHECK" -> {
                Set<String> columns = constraint.all("ColumnRef").stream()
                        .map(column -> column.names("fields").getLast())
                        .collect(Collectors.toSet());
                yield made(columns.size() == 1 ? List.copyOf(columns) : List.of(), "check");
            }
            default -> null;
        };
    }

    private @Nullable String made(List<String> columns, String kind) {
        for (int next = 0; ; next++) {
            List<String> parts = new ArrayList<>(List.of(table.text("relname")));
            parts.addAll(columns);
            parts.add(next == 0 ? kind : kind + next);
            String name = String.join("_", parts);
            if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
                return null;
            }
            boolean ofIndex = kind.equals("key") || kind.equals("pkey");
            if (!catalog.taken(table, name, ofIndex) && named.add(name)) {
                return name;
            }
        }
    }

    private void notNull(String column) {
        String quoted = Quote.identifier(column);
        String name = made(List.of(column), "not_null");
        if (step.major() >= 18 && name != null) {
            notValid(name, "CONSTRAINT " + Quote.identifier(name) + " NOT NULL " + quoted);
            return;
        }
        String check = Quote.identifier("pando_not_null");
        notValid("pando_not_null", "CONSTRAINT " + check + " CHECK (" + quoted + " IS NOT NULL)");
        alter("ALTER COLUMN " + quoted + " SET NOT NULL");
        alter("DROP CONSTRAINT " + check);
    }

    private boolean unique(Command command, Node constraint) {
        String kind = catalog.kind(table).orElse("");
        List<String> keys = constraint.names("keys");
        boolean plain =
                !constraint.has("options") && !constraint.has("indexspace") && !constraint.flag("without_overlaps");
        if (!(kind.equals("r") || kind.equals("p")) || keys.isEmpty() || !plain) {
            return false;
        }
        if (constraint.text("contype").equals("CONSTR_PRIMARY")) {
            keys.stream().filter(key -> catalog.nullable(table, key)).forEach(this::notNull);
        }
        notes.add(ConcurrentRecipe.CONCURRENTLY_APART);
        if (kind.equals("p")) {
            // The partitions' indexes are those that the statement makes when it is the first to run.
            return alter.commands().size() == 1
                    && PartitionedIndexRecipe.of(
                                    alter.header() + " " + command.text(),
                                    table,
                                    catalog,
                                    member -> member.partitioned()
                                            ? List.of(alone(constraint, member))
                                            : unique(constraint, Quote.identifier(member.name()), member.table()))
                            .map(steps::addAll)
                            .orElse(false);
        }
        String name = name(constraint);
        return name != null && steps.addAll(unique(constraint, Quote.identifier(name), Names.of(table)));
    }

    private static List<String> unique(Node constraint, String name, String table) {
        return List.of(
                "CREATE UNIQUE INDEX CONCURRENTLY " + name + " ON " + table + " " + indexed(constraint)
                        + (constraint.flag("nulls_not_distinct") ? " NULLS NOT DISTINCT" : ""),
                "ALTER TABLE " + table + " ADD CONSTRAINT " + name + kind(constraint) + " USING INDEX " + name
                        + deferral(constraint));
    }

    /** The constraint of a partitioned table without those of its partitions. */
    private static String alone(Node constraint, Catalog.Member member) {
        return "ALTER TABLE ONLY " + member.table() + " ADD CONSTRAINT " + Quote.identifier(member.name())
                + kind(constraint)
                + (constraint.flag("nulls_not_distinct") ? " NULLS NOT DISTINCT " : " ") + indexed(constraint)
                + deferral(constraint);
    }

    private static String kind(Node constraint) {
        return constraint.text("contype").equals("CONSTR_PRIMARY") ? " PRIMARY KEY" : " UNIQUE";
    }

    private static String indexed(Node constraint) {
        List<String> including = constraint.names("including");
        return "(" + columns(constraint.names("keys")) + ")"
                + (including.isEmpty() ? "" : " INCLUDE (" + columns(including) + ")");
    }

    private static String deferral(Node constraint) {
        return (constraint.flag("deferrable") ? " DEFERRABLE" : "")
                + (constraint.flag("initdeferred") ? " INITIALLY DEFERRED" : "");
    }

    private static String columns(List<String> names) {
        return names.stream().map(Quote::identifier).collect(Collectors.joining(", "));
    }

    private boolean column(Command command) {
        Node definition = command.node().child("def");
        if (definition == null) {
            return false;
        }
        Optional<NewColumn> parts = NewColumn.of(command, definition);
        if (parts.isEmpty()) {
            return false;
        }
        NewColumn column = parts.get();
        String name = Quote.identifier(column.name());
        boolean filled = column.defaultValue() != null && step.effect().does(dev.pando.lint.fact.Work.Kind.REWRITE);
        if (!filled) {
            alter(column.bare()
                    + (column.defaultValue() == null ? "" : " DEFAULT " + column.defaultValue())
                    + (column.notNull() ? " NOT NULL" : ""));
        } else {
            Optional<String> key = catalog.key(table);
            if (key.isEmpty() || catalog.kind(table).filter("r"::equals).isEmpty()) {
                return false;
            }
            alter(column.bare());
            alter("ALTER COLUMN " + name + " SET DEFAULT " + column.defaultValue());
            steps.add(Backfill.of(Names.of(table), key.get(), column.name(), String.valueOf(column.defaultValue())));
            if (column.notNull()) {
                notNull(column.name());
            }
        }
        return column.constraints().stream().allMatch(constraint -> constraintOf(column.name(), constraint));
    }

    private boolean constraintOf(String column, NewColumn.Inline constraint) {
        String suffix = switch (constraint.kind()) {
            case "CONSTR_CHECK" -> "check";
            case "CONSTR_FOREIGN" -> "fkey";
            case "CONSTR_UNIQUE" -> "key";
            default -> "";
        };
        String name = constraint.name() == null ? made(List.of(column), suffix) : constraint.name();
        if (name == null || suffix.isEmpty()) {
            return false;
        }
        String start = "CONSTRAINT " + Quote.identifier(name) + " ";
        if (suffix.equals("key")) {
            steps.add("CREATE UNIQUE INDEX CONCURRENTLY " + Quote.identifier(name) + " ON " + Names.of(table) + " ("
                    + Quote.identifier(column) + ")");
            return alter("ADD " + start + "UNIQUE USING INDEX " + Quote.identifier(name));
        }
        String foreign = suffix.equals("fkey") ? "FOREIGN KEY (" + Quote.identifier(column) + ") " : "";
        return notValid(name, start + foreign + constraint.text());
    }

    private boolean type(Command command) {
        return TypeRecipe.of(command, table, catalog)
                .map(found -> {
                    notes.add(
                            "the column is the last of its table afterwards; drop the old one when all code has seen the new type");
                    return steps.addAll(found);
                })
                .orElse(false);
    }

    private boolean attach(Command command) {
        Node partition = command.node().child("def");
        Node child = partition == null ? null : partition.child("name");
        if (child == null) {
            return false;
        }
        String attach = alter.header() + " " + command.text();
        Optional<String> condition = catalog.conditionAfter(attach, child);
        // What names the parent by its number holds in one database only.
        if (condition.isEmpty() || condition.get().contains("satisfies_hash_partition")) {
            return false;
        }
        String check = "pando_bounds";
        guard(Names.of(child), check, condition.get());
        Optional<String> others = catalog.defaultPartition(table);
        others.ifPresent(other -> guard(other, check, "NOT (" + condition.get() + ")"));
        steps.add(attach);
        steps.add("ALTER TABLE " + Names.of(child) + " DROP CONSTRAINT " + check);
        others.ifPresent(other -> steps.add("ALTER TABLE " + other + " DROP CONSTRAINT " + check));
        return true;
    }

    private void guard(String relation, String name, String condition) {
        steps.add("ALTER TABLE " + relation + " ADD CONSTRAINT " + name + " CHECK (" + condition + ") NOT VALID");
        steps.add("ALTER TABLE " + relation + " VALIDATE CONSTRAINT " + name);
    }

    private boolean detach(Command command) {
        Node partition = command.node().child("def");
        Node child = partition == null ? null : partition.child("name");
        List<String> keys = catalog.partitionKey(table);
        if (child == null || keys.size() != 1) {
            return false;
        }
        notes.add("outside a transaction: the tool must not open one for this file");
        alter(command.text() + " CONCURRENTLY");
        // It leaves a CHECK of the old bounds behind.
        String check = child.text("relname") + "_" + keys.getFirst() + "_check";
        steps.add("ALTER TABLE " + Names.of(child) + " DROP CONSTRAINT " + Quote.identifier(check));
        return true;
    }
}
