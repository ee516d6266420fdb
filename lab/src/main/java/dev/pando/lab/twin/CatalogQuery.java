package dev.pando.lab.twin;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The queries of the catalogs, resources beside this class. A line that ends with {@code -- >= 18} or {@code -- < 18} is for those major
 * versions only. {@code {user x.oid pg_class}} is true of what users made and no extension did, {@code {schema x.relnamespace}} of their
 * schemas; {@code {options x.reloptions}} writes options as SET takes them, {@code {toast …}} those of a TOAST table.
 */
final class CatalogQuery {
    private static final Pattern GATE = Pattern.compile("(.*) -- (>=|<) (\\d+)");
    private static final Pattern MACRO = Pattern.compile("\\{(user|schema|options|toast) ([\\w.]+)(?: (\\w+))?}");
    private static final String OPTIONS = "(SELECT string_agg(%squote_ident(split_part(option, '=', 1)) || '='"
            + " || quote_literal(substr(option, strpos(option, '=') + 1)), ', ') FROM unnest(%s) option)";

    private CatalogQuery() {}

    /** The text of query {@code name} for servers of version {@code major}. */
    static String text(String name, int major) {
        return expand(resource(name), major);
    }

    static String expand(String template, int major) {
        String gated = template.lines()
                .filter(line -> !line.startsWith("--"))
                .map(line -> gate(line, major))
                .collect(Collectors.joining("\n"));
        return MACRO.matcher(gated).replaceAll(match -> Matcher.quoteReplacement(macro(match)));
    }

    private static String gate(String line, int major) {
        Matcher matcher = GATE.matcher(line);
        if (!matcher.matches()) {
            return line;
        }
        boolean from = matcher.group(2).equals(">=");
        return from == (major >= Integer.parseInt(matcher.group(3))) ? matcher.group(1) : "";
    }

    private static String macro(java.util.regex.MatchResult match) {
        String oid = match.group(2);
        return switch (match.group(1)) {
            case "user" ->
                "(" + oid + " >= 16384 AND NOT EXISTS (SELECT FROM pg_depend extension WHERE extension.classid = '"
                        + match.group(3) + "'::regclass AND extension.objid = " + oid
                        + " AND extension.deptype = 'e'))";
            case "schema" ->
                oid + " IN (SELECT own.oid FROM pg_namespace own WHERE own.nspname !~ '^pg_'"
                        + " AND own.nspname <> 'information_schema')";
            case "options" -> OPTIONS.formatted("", oid);
            default -> OPTIONS.formatted("'toast.' || ", oid);
        };
    }

    private static String resource(String name) {
        try (InputStream in = CatalogQuery.class.getResourceAsStream(name + ".sql")) {
            if (in == null) {
                throw new PandoException(PandoError.BUG, name + ".sql is not packaged");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.BUG, name + ".sql cannot be read");
        }
    }
}
