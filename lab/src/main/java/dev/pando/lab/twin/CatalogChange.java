package dev.pando.lab.twin;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The statements of a schema that no DDL has words for, so that a superuser has to write into catalogs: one of these forms with nothing but
 * literals in it. A snapshot's text that is not runs with the owner's rights, as all its other text.
 */
final class CatalogChange {
    private static final String LITERAL = "(?:'(?:[^'\\\\]|'')*+'|E'(?:[^'\\\\]|''|\\\\\\\\)*+')";

    private static final List<Pattern> FORMS = List.of(
            form("UPDATE pg_class SET relispopulated = true WHERE oid = ?::regclass"),
            form(
                    "UPDATE pg_index SET indisvalid = false, indisready = @, indislive = @ WHERE indexrelid = ?::regclass"),
            form(
                    "WITH child (id) AS (VALUES (?::regclass::oid)), columns AS (UPDATE pg_attribute SET attislocal = attname <> ALL (?)"
                            + " FROM child WHERE attrelid = id AND attnum > 0 AND attinhcount > 0)"
                            + " UPDATE pg_constraint SET conislocal = conname <> ALL (?)"
                            + " FROM child WHERE conrelid = id AND contype IN ('c', 'n') AND coninhcount > 0"));

    private CatalogChange() {}

    private static Pattern form(String text) {
        return Pattern.compile(
                Pattern.quote(text).replace("?", "\\E" + LITERAL + "\\Q").replace("@", "\\E(?:true|false)\\Q"));
    }

    static boolean is(SchemaObject object) {
        return FORMS.stream().anyMatch(form -> form.matcher(object.sql()).matches());
    }
}
