package dev.pando.core.route;

import java.util.List;
import java.util.regex.Pattern;
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
