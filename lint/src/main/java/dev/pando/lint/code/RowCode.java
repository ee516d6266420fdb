package dev.pando.lint.code;

import dev.pando.grammar.Node;
import dev.pando.lint.fact.Change;
import dev.pando.lint.fact.Names;
import dev.pando.lint.fact.Variables;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Code that a statement runs for each row: triggers, defaults, conditions, conversions. Tables are empty where it is measured, so it is read. */
final class RowCode {
    private static final String ADD_CONSTRAINT = "C";
    private static final String VALIDATE = "V";
    /** What takes the place of a default of the column's type. */
    private static final Set<String> VALUES = Set.of("CONSTR_DEFAULT", "CONSTR_GENERATED", "CONSTR_IDENTITY");

    private final CodeReader reader;
    private final Surroundings surroundings;

    RowCode(CodeReader reader, Surroundings surroundings) {
        this.reader = reader;
        this.surroundings = surroundings;
    }

    /** Of triggers. */
    void fired(Node node, @Nullable String unsure) throws SQLException {
        Variables variables = reader.around();
        for (Change change : Change.of(node)) {
            for (Trigger trigger : surroundings.triggers(change)) {
                String rows = trigger.eachRow() ? "which rows of " + change.relation() + " it changes" : null;
                boolean many = trigger.eachRow() && ofQuery(node);
                Variables there = many ? variables.looping(Set.of(), false, false) : variables;
                reader.enter(trigger.routine(), unsure == null ? rows : unsure, there);
            }
        }
    }

    /** Whether it inserts the rows of a query. */
    private static boolean ofQuery(Node node) {
        Node select = node.is("InsertStmt") ? node.child("selectStmt") : null;
        return select != null && !select.list("fromClause").isEmpty() && !CodeReader.few(select);
    }

    /** What ALTER TABLE computes for each row, and ALTER DOMAIN for each value of it in all tables. */
    void computed(Node alter, @Nullable String unsure) throws SQLException {
        Variables outer = reader.around();
        reader.around(outer.looping(Set.of(), false, false));
        if (alter.is("AlterDomainStmt")) {
            ofValues(alter, unsure);
        } else {
            Node relation = alter.child("relation");
            String rows = "the rows of " + (relation == null ? "" : Names.of(relation));
            for (Node command : alter.list("cmds")) {
                ofRows(command, unsure == null ? rows : unsure);
            }
        }
        reader.around(outer);
    }

    private void ofValues(Node alter, @Nullable String unsure) throws SQLException {
        Node constraint = alter.child("def");
        String values = "the values of " + Names.of(alter.names("typeName"));
        if (alter.text("subtype").equals(ADD_CONSTRAINT) && constraint != null && !constraint.flag("skip_validation")) {
            reader.calls(constraint, unsure == null ? values : unsure, null);
        } else if (alter.text("subtype").equals(VALIDATE)) {
            ofDomain(alter.names("typeName"), false, unsure == null ? values : unsure);
        }
    }

    private void ofRows(Node command, String unsure) throws SQLException {
        if (command.text("subtype").equals("AT_ColumnDefault")) {
            return;
        }
        reader.calls(command, unsure, null);
        Node column = command.child("def");
        Node type = column == null ? null : column.child("typeName");
        List<String> name = type == null ? List.of() : type.names("names");
        if (column == null || type == null || name.isEmpty()) {
            return;
        }
        boolean takesDefault = command.text("subtype").equals("AT_AddColumn")
                && column.list("constraints").stream().noneMatch(each -> VALUES.contains(each.text("contype")));
        boolean array = !type.list("arrayBounds").isEmpty();
        if (!array || !takesDefault) { // an array of a domain has no default, so there is nothing to compute
            ofDomain(name, takesDefault, unsure);
        }
    }

    private void ofDomain(List<String> name, boolean defaults, String unsure) throws SQLException {
        for (String expression : surroundings.ofDomain(name, defaults)) {
            Node query = reader.query(expression, CodeReader.EXPRESSION);
            if (query != null) {
                reader.calls(query, unsure, null);
            }
        }
    }
}
