package dev.pando.core.route;

import dev.pando.base.sql.Quote;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Statements about what lives in the session's temporary schema, which has many names: TEMP, pg_temp, pg_temp_7, and the search path. */
final class Temporary {
    private static final Pattern SCHEMA = Pattern.compile("pg_temp(_\\d+)?");

    private Temporary() {}

    /** Whether what the statement makes or works on is temporary. */
    static boolean is(Ast statement, List<String> searchPath) {
        boolean first = !searchPath.isEmpty() && schema(searchPath.getFirst());
        boolean relation = Commands.made(statement).stream()
                .anyMatch(made -> made.text("relpersistence").equals("t")
                        || schema(made.text("schemaname"))
                        || (first
                                && makesRelation(statement)
                                && made.text("schemaname").isEmpty()));
        return relation || names(statement).anyMatch(name -> name.size() == 1 ? first : schema(name));
    }

    /** DROP of what stands in the temporary schema by name. */
    static boolean dropped(Ast drop) {
        return drop.list("objects").stream().allMatch(object -> schema(name(object)));
    }

    /** The relations that the statement changes, when some of them stand without a schema: nothing but the session tells what they are. */
    static List<String> perhaps(Ast statement) {
        List<List<String>> names = switch (statement.kind()) {
            case "TruncateStmt" ->
                statement.list("relations").stream().map(Temporary::relation).toList();
            case "AlterTableStmt", "IndexStmt", "RenameStmt" ->
                Stream.ofNullable(statement.child("relation"))
                        .map(Temporary::relation)
                        .toList();
            case "DropStmt" ->
                dropsRelations(statement)
                        ? statement.list("objects").stream()
                                .map(Temporary::name)
                                .toList()
                        : List.of();
            default -> List.of();
        };
        return names.stream().anyMatch(name -> name.size() == 1)
                ? names.stream()
                        .map(name -> name.stream().map(Quote::identifier).collect(Collectors.joining(".")))
                        .toList()
                : List.of();
    }

    private static boolean dropsRelations(Ast drop) {
        return switch (drop.text("removeType")) {
            case "OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_SEQUENCE", "OBJECT_INDEX" -> true;
            default -> false;
        };
    }

    private static List<String> relation(Ast relation) {
        String schema = relation.text("schemaname");
        return schema.isEmpty() ? List.of(relation.text("relname")) : List.of(schema, relation.text("relname"));
    }

    private static List<String> name(Ast object) {
        return switch (object.kind()) {
            case "ObjectWithArgs" -> object.strings("objname");
            case "TypeName" -> object.strings("names");
            default -> object.strings("items");
        };
    }

    private static boolean makesRelation(Ast statement) {
        return switch (statement.kind()) {
            case "CreateStmt", "CreateTableAsStmt", "SelectStmt", "ViewStmt", "CreateSeqStmt", "CompositeTypeStmt" ->
                true;
            default -> false;
        };
    }

    /** Names, with their schema or without, of what the statement makes besides relations. */
    private static Stream<List<String>> names(Ast statement) {
        String field = switch (statement.kind()) {
            case "CreateFunctionStmt" -> "funcname";
            case "CreateStatsStmt", "DefineStmt" -> "defnames";
            case "CreateEnumStmt", "CreateRangeStmt" -> "typeName";
            case "CreateDomainStmt" -> "domainname";
            case "CreateOpClassStmt" -> "opclassname";
            case "CreateOpFamilyStmt" -> "opfamilyname";
            case "CreateConversionStmt" -> "conversion_name";
            default -> "";
        };
        return Stream.of(statement.strings(field)).filter(name -> !name.isEmpty());
    }

    private static boolean schema(List<String> name) {
        return name.size() == 2 && schema(name.getFirst());
    }

    private static boolean schema(String name) {
        return SCHEMA.matcher(name).matches();
    }
}
