package dev.pando.base.sql;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Texts that look like SQL, and texts that don't. {@code LexerAgreementTest} has another soup, with more of what lexers disagree about and
 * without the bytes that PostgreSQL's own cannot be asked about.
 */
final class SqlSoup {
    private static final String[] PIECES = {
        "select",
        "IN",
        "in (",
        "(",
        ")",
        ",",
        ";",
        "1",
        "1.5",
        "0x1F",
        "1e5",
        "'a'",
        "''",
        "E'\\n'",
        "$$x$$",
        "$a$",
        "U&'\\0061'",
        "UESCAPE",
        "'!'",
        "U&\"x\"",
        "\"q\"",
        "B'01'",
        "X'1f'",
        "N'x'",
        "$1",
        "$12",
        "--",
        "\n",
        "/*",
        "*/",
        " ",
        "\t",
        "::",
        ":=",
        ":",
        "..",
        ".",
        "=>",
        "-",
        "+",
        "*",
        "@-",
        "<>",
        "[",
        "]",
        "ä",
        "{",
        "\\",
        "\0",
        "\"",
        "'",
        "$",
        "_",
        "e",
        "0b",
        "?|",
        "\u000b"
    };

    private SqlSoup() {}

    static byte[] bytes(Random random) {
        var out = new ByteArrayOutputStream();
        int pieces = random.nextInt(24);
        boolean raw = random.nextInt(4) == 0;
        for (int i = 0; i < pieces; i++) {
            if (raw) {
                out.write(random.nextInt(256));
            } else {
                out.writeBytes(PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }
}
