package dev.pando.base.sql;

/** Why PostgreSQL's lexer refuses a text, in its own words; the SQLSTATE is always 42601. */
public enum LexProblem {
    UNTERMINATED_STRING("unterminated quoted string"),
    UNTERMINATED_IDENTIFIER("unterminated quoted identifier"),
    EMPTY_IDENTIFIER("zero-length delimited identifier"),
    UNTERMINATED_BIT_STRING("unterminated bit string literal"),
    UNTERMINATED_HEX_STRING("unterminated hexadecimal string literal"),
    UNTERMINATED_DOLLAR_STRING("unterminated dollar-quoted string"),
    UNTERMINATED_COMMENT("unterminated /* comment"),
    NUMBER_JUNK("trailing junk after numeric literal"),
    PARAMETER_JUNK("trailing junk after parameter"),
    INVALID_HEX("invalid hexadecimal integer"),
    INVALID_OCTAL("invalid octal integer"),
    INVALID_BINARY("invalid binary integer");

    private final String message;

    LexProblem(String message) {
        this.message = message;
    }

    public String message() {
        return message;
    }
}
