package dev.pando.grammar;

/**
 * PostgreSQL's refusal of a text, as its own ErrorResponse would say.
 *
 * @param position of the error in characters, from 1, as field P has it; 0 when there is none
 */
public record SyntaxProblem(String message, int position) implements ParseResult {
    /** Field C. */
    public String sqlState() {
        return "42601";
    }
}
