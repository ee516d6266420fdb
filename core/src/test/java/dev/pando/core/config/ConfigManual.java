package dev.pando.core.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Writes {@code docs/config.md} from the list of keys. */
final class ConfigManual {
    private static final String HEAD = """
            # Configuration

            One file in TOML, `pando.toml`, for `pando serve --config FILE` and, if wanted, `pando up --config FILE`. `--print-config` prints the
            effective settings, with the default beside each that differs and secrets hidden; `SHOW CONFIG` in the admin database and
            `GET /config` show those of a running Pando. `RELOAD` or SIGHUP
            reads the file again and says which changes wait for the next start ([operations.md](operations.md)).

            Nothing wrong is repaired silently: all problems are reported at once, each with file, line, column and key, and the key that was
            probably meant:

                pando.toml:4:1: pool.sizes: unknown key; did you mean "size"?
                pando.toml:5:1: pool.queue_timeout: 10 has no unit; write "10s" or "10ms"

            Editors check the file while it is written when its first line is `#:schema pando.schema.json` (the schema lies beside this page).
            This page and the schema are made from the code (`ConfigKey`) and held to it by a test.

            Values: a **duration** is text with a unit, `ms`, `s`, `min`, `h` or `d`. A **size** is a number of bytes, or text with a unit,
            `B`, `kB`, `MB` or `GB`; 1 kB is 1024 bytes, as in PostgreSQL. A **server** is `"host:port"`, an IPv6 address in brackets:
            `"[::1]:5432"`. A **table** is `"table"` in schema `public`, or `"schema.table"`. A **password** is given in the file, in a file of
            its own or in an environment variable, in exactly one of the three ways.

            """;

    private ConfigManual() {}

    static String text() {
        StringBuilder text = new StringBuilder(HEAD);
        for (Section section : Section.values()) {
            text.append("## ").append(section == Section.TOP ? "Top of the file" : section.header());
            text.append("\n\n").append(section.what());
            if (section.list()) {
                text.append(" Any number of times.");
            }
            if (section.serveOnly()) {
                text.append(" Only for `pando serve`.");
            }
            text.append("\n\n| Key | Type | Default | Meaning |\n|---|---|---|---|\n");
            ConfigKey.of(section).forEach(key -> row(key, text));
            text.append("\n```toml\n").append(example(section)).append("```\n\n");
        }
        return text.toString().stripTrailing() + "\n";
    }

    private static void row(ConfigKey key, StringBuilder text) {
        Object standard = key.standard();
        String shown =
                standard == null ? key.required() ? "required" : "none" : "`" + ConfigPrinter.toml(standard) + "`";
        text.append("| `")
                .append(key.title())
                .append("` | ")
                .append(type(key.kind()))
                .append(" | ")
                .append(shown)
                .append(" | ")
                .append(KeyTexts.of(key))
                .append(" |\n");
    }

    private static String type(ValueKind kind) {
        return switch (kind) {
            case ValueKind.Text() -> "text";
            case ValueKind.Password() -> "text, secret";
            case ValueKind.Whole(int min, int max) -> "whole number, " + grouped(min) + " to " + grouped(max);
            case ValueKind.Time(Duration min, Duration max) ->
                "duration, `" + Units.print(min) + "` to `" + Units.print(max) + "`";
            case ValueKind.Size(long min, long max) -> "size, `" + Units.print(min) + "` to `" + largest(max) + "`";
            case ValueKind.Flag() -> "`true` or `false`";
            case ValueKind.Choice(List<String> words) -> "`" + String.join("`, `", words) + "`";
            case ValueKind.Server() -> "server";
            case ValueKind.Servers() -> "list of servers";
            case ValueKind.Relation() -> "table";
            case ValueKind.Names() -> "column, or list of columns";
            case ValueKind.Settings() -> "table of texts, whole numbers and flags";
        };
    }

    private static String grouped(int number) {
        return number < 100_000 ? Integer.toString(number) : String.format(Locale.ROOT, "%,d", number);
    }

    private static String largest(long bytes) {
        return (bytes & 1) == 1 ? Units.print(bytes + 1) + " − 1" : Units.print(bytes);
    }

    /** Of one section, as it could stand in a file. */
    static String example(Section section) {
        String name = section == Section.TOP ? "top" : section.title();
        try {
            return Files.readString(Path.of("src", "test", "resources", "config-examples", name + ".toml"));
        } catch (IOException e) {
            throw new UncheckedIOException("every section has an example", e);
        }
    }
}
