package dev.pando.core.route;

import dev.pando.base.error.PandoError;
import dev.pando.core.topology.Column;
import dev.pando.core.topology.IntMap;
import dev.pando.core.topology.Placement;
import dev.pando.core.topology.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** COPY in all its forms. */
final class CopyPlanner {
    private final Planning planning;

    CopyPlanner(Planning planning) {
        this.planning = planning;
    }

    Placed place(Ast copy) {
        Ast query = copy.child("query");
        if (query != null) {
            Placed placed = query(query);
            if (binary(copy) && !placed.target().equals(Planner.home())) {
                requireNoOids(query);
            }
            return placed;
        }
        Hidden.check(copy, planning);
        Ast range = Objects.requireNonNull(copy.child("relation"));
        Table table = planning.table(range);
        String name = range.text("relname");
        return switch (planning.placement(table)) {
            case Placement.Single single -> {
                planning.explain("\"" + name + "\" lives on " + single.shard());
                yield new Placed(new Target.One(single.shard()), new Across.Everywhere());
            }
            case Placement.Reference reference -> reference(copy, name, table);
            case Placement.Sharded sharded -> {
                requireStream(copy);
                if (binary(copy)) {
                    requireNoOids(table);
                }
                Placement.Sharded key = copy.flag("is_from") ? sharded : null;
                planning.literalMatters();
                planning.explain("\"" + name + "\" is sharded by (" + String.join(", ", sharded.keyColumns()) + ")");
                CopyShape shape = shape(copy, Objects.requireNonNull(table), key);
                Across across = copy.flag("is_from") ? new Across.SplitCopy(shape) : new Across.ConcatCopy(shape);
                yield new Placed(new Target.All(), across);
            }
        };
    }

    private Placed query(Ast query) {
        Placed inner =
                query.is("SelectStmt") ? new SelectPlanner(planning).place(query) : Planner.writing(planning, query);
        boolean keyed = inner.target() instanceof Target.ByKey;
        return inner.single() ? inner : Placed.oneOf(keyed ? inner.target() : new Target.All(), "COPY of a query");
    }

    private static boolean binary(Ast copy) {
        return copy.list("options").stream()
                .anyMatch(option -> option.text("defname").equals("format")
                        && option.has("arg")
                        && Commands.string(Objects.requireNonNull(option.child("arg")))
                                .equals("binary"));
    }

    /** Binary arrays and composites name types by OID, which is another one on each shard; nothing in the stream says where they are. */
    private void requireNoOids(@org.jspecify.annotations.Nullable Table table) {
        for (Column column : table == null ? List.<Column>of() : table.columns()) {
            if (planning.catalog.oids().inside().kinds().get(column.typeOid()) != IntMap.NONE) {
                throw new Refused(
                        PandoError.COPY_SHAPE,
                        "in binary of column \"" + column.name() + "\", whose values hold type OIDs");
            }
        }
    }

    private void requireNoOids(Ast query) {
        boolean[] doubtful = new boolean[1];
        query.walk(node -> {
            if (node.is("RangeVar")) {
                requireNoOids(planning.table(node));
            }
            boolean call = node.is("FuncCall")
                    && (!Functions.builtIn(node) || Functions.name(node).startsWith("array_"));
            boolean cast = node.is("TypeCast") && Constant.builtInCast(node.child("typeName")) == null;
            doubtful[0] |= call || cast || node.is("RowExpr") || node.is("A_ArrayExpr") || wholeRow(node, query);
        });
        if (doubtful[0]) {
            throw new Refused(PandoError.COPY_SHAPE, "in binary of a query whose values may hold type OIDs");
        }
    }

    private static boolean wholeRow(Ast column, Ast query) {
        boolean[] found = new boolean[1];
        if (column.is("ColumnRef") && !column.strings("fields").isEmpty()) {
            String name = column.strings("fields").getLast();
            query.walk(node -> {
                Ast alias = node.child("alias");
                found[0] |= node.is("RangeVar")
                        && name.equals(alias == null ? node.text("relname") : alias.text("aliasname"));
            });
        }
        return found[0];
    }

    private Placed reference(Ast copy, String name, @org.jspecify.annotations.Nullable Table table) {
        if (!copy.flag("is_from")) {
            return new Placed(new Target.Any(), new Across.Everywhere());
        }
        requireStream(copy);
        References.checkCopy(planning, table);
        List<String> named = copy.strings("attlist");
        for (Column column : table == null ? List.<Column>of() : table.columns()) {
            boolean given = named.isEmpty() || named.contains(column.name());
            if (column.defaultValue() == Column.Default.DIFFERS && !given) {
                throw new Refused(
                        PandoError.STATEMENT_VALUES_VOLATILE,
                        "COPY",
                        name,
                        "the default of column \"" + column.name() + "\"");
            }
        }
        return Placed.EVERYWHERE;
    }

    private static void requireStream(Ast copy) {
        if (copy.flag("is_program") || !copy.text("filename").isEmpty()) {
            throw new Refused(PandoError.COPY_SHAPE, "from or to a file or program of the server");
        }
        if (copy.has("whereClause")) {
            throw new Refused(PandoError.COPY_SHAPE, "with WHERE");
        }
    }

    private CopyShape shape(Ast copy, Table table, Placement.@org.jspecify.annotations.Nullable Sharded key) {
        List<String> columns = copy.strings("attlist");
        if (columns.isEmpty()) {
            columns = table.columns().stream()
                    .filter(column -> column.defaultValue() != Column.Default.COMPUTED)
                    .map(Column::name)
                    .toList();
        }
        List<Integer> keyFields = new ArrayList<>();
        for (String column : key == null ? List.<String>of() : key.keyColumns()) {
            if (!columns.contains(column)) {
                throw new Refused(PandoError.KEY_MISSING, "COPY", table.name().name(), column);
            }
            keyFields.add(columns.indexOf(column));
        }
        Options options = new Options();
        copy.list("options").forEach(options::take);
        return options.shape(key, keyFields, columns.size());
    }

    /** The options that decide how data is cut; PostgreSQL checks the others. */
    private static final class Options {
        private CopyShape.Format format = CopyShape.Format.TEXT;
        private String delimiter = "";
        private String nullText = "";
        private boolean nullGiven;
        private String quote = "\"";
        private String escape = "";
        private CopyShape.Header header = CopyShape.Header.NONE;

        void take(Ast option) {
            Ast argument = option.child("arg");
            String value = argument == null ? "" : argument.text("sval");
            switch (option.text("defname")) {
                case "format" -> format = format(value);
                case "delimiter" -> delimiter = value;
                case "null" -> {
                    nullText = value;
                    nullGiven = true;
                }
                case "quote" -> quote = value;
                case "escape" -> escape = value;
                case "header" -> header = header(argument, value);
                case "encoding" -> {
                    if (!value.replace("-", "").equalsIgnoreCase("utf8")) {
                        throw new Refused(PandoError.COPY_SHAPE, "with ENCODING other than UTF8");
                    }
                }
                case "force_null", "force_not_null" ->
                    throw new Refused(
                            PandoError.COPY_SHAPE,
                            "with " + option.text("defname").toUpperCase(Locale.ROOT));
                case "on_error", "reject_limit", "default" -> {
                    boolean harmless = option.text("defname").equals("on_error") && value.equals("stop");
                    if (!harmless) {
                        throw new Refused(
                                PandoError.COPY_SHAPE,
                                "with " + option.text("defname").toUpperCase(Locale.ROOT));
                    }
                }
                default -> {}
            }
        }

        private static CopyShape.Format format(String name) {
            return switch (name) {
                case "csv" -> CopyShape.Format.CSV;
                case "binary" -> CopyShape.Format.BINARY;
                case "text" -> CopyShape.Format.TEXT;
                default -> throw new Refused(PandoError.COPY_SHAPE, "with format " + name);
            };
        }

        private static CopyShape.Header header(@org.jspecify.annotations.Nullable Ast argument, String value) {
            if (argument == null) {
                return CopyShape.Header.SKIP;
            }
            boolean number = argument.is("Integer");
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "match" -> CopyShape.Header.MATCH;
                case "true", "on" -> CopyShape.Header.SKIP;
                case "false", "off" -> CopyShape.Header.NONE;
                default -> {
                    boolean on = number ? argument.number("ival") == 1 : argument.flag("boolval");
                    yield on ? CopyShape.Header.SKIP : CopyShape.Header.NONE;
                }
            };
        }

        CopyShape shape(Placement.@org.jspecify.annotations.Nullable Sharded key, List<Integer> keyFields, int fields) {
            boolean csv = format == CopyShape.Format.CSV;
            char delimit = one(delimiter, csv ? ',' : '\t');
            String none = nullGiven ? nullText : csv ? "" : "\\N";
            char quoted = one(quote, '"');
            return new CopyShape(key, keyFields, fields, format, delimit, none, quoted, one(escape, quoted), header);
        }

        private static char one(String text, char otherwise) {
            return text.length() == 1 ? text.charAt(0) : otherwise;
        }
    }
}
