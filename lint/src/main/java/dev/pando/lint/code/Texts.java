package dev.pando.lint.code;

import dev.pando.grammar.Node;
import java.util.List;

/** The grammars. */
public interface Texts {
    /** The statements of a text; empty when it is no SQL. */
    List<Node> statements(String sql);

    /** The PL/pgSQL functions that a DO or CREATE FUNCTION holds; empty when they cannot be read. */
    List<Node> functions(String sql);
}
