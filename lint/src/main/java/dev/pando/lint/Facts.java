package dev.pando.lint;

import dev.pando.grammar.Node;
import dev.pando.lab.oracle.Observation;
import dev.pando.lint.read.Statement;
import dev.pando.lint.recipe.Catalog;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where facts come from: a schema on which statements run one after the other, or the oracle's tables. */
interface Facts extends AutoCloseable {
    /** What the statement does on the schema as it is; the schema stays as it is. */
    Observation observe(Statement statement, Node node) throws SQLException;

    /** What the statement does; the schema is as it left it. */
    Observation apply(Statement statement, Node node) throws SQLException;

    /** Runs a statement of what came before, which nobody asks about. */
    void run(String sql) throws SQLException;

    /** The next file begins: what the last one has set for its session is gone, as are its temporary tables. */
    void freshSession() throws SQLException;

    /** What a DROP … CASCADE takes with it, in the server's words; the schema stays as it is. */
    List<String> cascade(Statement statement) throws SQLException;

    /** A copy of the schema as it is, to try something else on; null where there is no schema. The caller closes it. */
    @Nullable
    Facts fork() throws SQLException;

    /** What recipes may ask about the schema; null where there is none. */
    @Nullable
    Catalog catalog() throws SQLException;

    @Override
    void close() throws SQLException;
}
