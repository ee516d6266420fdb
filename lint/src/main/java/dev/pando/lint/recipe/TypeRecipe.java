package dev.pando.lint.recipe;

import dev.pando.base.sql.Quote;
import dev.pando.grammar.Node;
import dev.pando.lint.fact.Names;
import dev.pando.lint.recipe.AlterText.Command;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A change of type as a new column that a trigger keeps up to date, filled in batches, with the names swapped in one transaction. */
final class TypeRecipe {
    private static final Pattern TYPE = Pattern.compile("(?is)\\bTYPE\\s+(.*)");

    private TypeRecipe() {}

    /** Empty for a column that anything depends on, or that is NULL nowhere: that would have to be made again as well. */
    static Optional<List<String>> of(Command command, Node table, Catalog catalog) {
        String column = command.node().text("name");
        Node definition = command.node().child("def");
        Matcher type = TYPE.matcher(command.text());
        Optional<String> key = catalog.key(table);
        boolean simple = definition != null
                && !definition.has("raw_default")
                && !definition.has("collClause")
                && catalog.kind(table).filter("r"::equals).isPresent()
                && catalog.nullable(table, column)
                && !catalog.hasDefault(table, column)
                && !catalog.entangled(table, column);
        if (!simple || key.isEmpty() || !type.find()) {
            return Optional.empty();
        }
        String name = Names.of(table);
        String old = Quote.identifier(column);
        String fresh = Quote.identifier(column + "_new");
        String function = Quote.identifier(table.text("relname") + "_" + column + "_new");
        String newType = type.group(1).strip();
        return Optional.of(List.of(
                "ALTER TABLE " + name + " ADD COLUMN " + fresh + " " + newType,
                "CREATE FUNCTION " + function + "() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW." + fresh
                        + " := NEW." + old + "; RETURN NEW; END$$",
                "CREATE TRIGGER " + function + " BEFORE INSERT OR UPDATE ON " + name + " FOR EACH ROW EXECUTE FUNCTION "
                        + function + "()",
                Backfill.of(name, key.get(), column + "_new", old)
                        .replace(
                                " AND " + fresh + " IS NULL;",
                                " AND " + fresh + " IS NULL AND " + old + " IS NOT NULL;"),
                "BEGIN",
                "ALTER TABLE " + name + " RENAME COLUMN " + old + " TO " + Quote.identifier(column + "_old"),
                "ALTER TABLE " + name + " RENAME COLUMN " + fresh + " TO " + old,
                "DROP TRIGGER " + function + " ON " + name,
                "COMMIT",
                "DROP FUNCTION " + function + "()",
                "ALTER TABLE " + name + " DROP COLUMN " + Quote.identifier(column + "_old")));
    }
}
