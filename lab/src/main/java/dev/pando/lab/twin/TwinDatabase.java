package dev.pando.lab.twin;

import dev.pando.base.sql.Quote;
import dev.pando.lab.Extensions;
import dev.pando.lab.Messages;
import dev.pando.lab.TemporaryServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a twin's database with the target's name, encoding, collation and settings. The collation decides more than order: only under C
 * can an index serve {@code LIKE 'abc%'}. One that this machine does not have is replaced by ICU's for the same language.
 */
final class TwinDatabase {
    private static final Set<String> BYTE_ORDER = Set.of("C", "POSIX");

    private TwinDatabase() {}

    static void create(TemporaryServer server, Snapshot snapshot, List<Omission> omissions) throws SQLException {
        String name = Quote.identifier(snapshot.server().database());
        try (Connection connection = server.connect("template1")) {
            Sql.run(connection, "DROP DATABASE IF EXISTS " + name);
            createAlike(connection, name, snapshot.server(), omissions);
        }
        try (Connection connection = Sql.plain(server, snapshot.server().database())) {
            Sql.run(connection, "DROP SCHEMA IF EXISTS public");
            Extensions.giveToOwner(server, snapshot.server().database());
            for (Map.Entry<String, String> setting : snapshot.settings().entrySet()) {
                set(connection, name, setting, omissions);
            }
        }
    }

    private static void createAlike(
            Connection connection, String name, Snapshot.Server target, List<Omission> omissions) throws SQLException {
        String start = "CREATE DATABASE " + name + " TEMPLATE template0 ENCODING " + Quote.literal(target.encoding());
        try {
            Sql.run(connection, start + locale(target));
        } catch (SQLException e) {
            String language = target.collate().replaceAll("[.@].*", "").replace('_', '-');
            Sql.run(
                    connection,
                    start + " LOCALE_PROVIDER icu LOCALE 'C' ICU_LOCALE "
                            + Quote.literal(BYTE_ORDER.contains(language) ? "und" : language));
            omissions.add(new Omission(
                    "collation", target.collate(), "not on this machine; the twin orders text as ICU's " + language));
        }
    }

    private static String locale(Snapshot.Server target) {
        String all = " LC_COLLATE " + Quote.literal(target.collate()) + " LC_CTYPE " + Quote.literal(target.ctype());
        String locale = target.locale() == null ? "" : Quote.literal(target.locale());
        String rules = target.rules() == null ? "" : " ICU_RULES " + Quote.literal(target.rules());
        return switch (target.provider()) {
            case "i" -> all + " LOCALE_PROVIDER icu ICU_LOCALE " + locale + rules;
            case "b" -> all + " LOCALE_PROVIDER builtin BUILTIN_LOCALE " + locale;
            default -> all + " LOCALE_PROVIDER libc";
        };
    }

    private static void set(
            Connection connection, String database, Map.Entry<String, String> setting, List<Omission> omissions)
            throws SQLException {
        String name = setting.getKey();
        // A list of schemas is the one setting here whose value has a syntax of its own.
        String value = name.equals("search_path")
                ? setting.getValue().isEmpty() ? "''" : setting.getValue()
                : Quote.literal(setting.getValue());
        try {
            Sql.run(connection, "ALTER DATABASE " + database + " SET " + Quote.identifier(name) + " = " + value);
        } catch (SQLException e) {
            omissions.add(new Omission("setting", name + " = " + setting.getValue(), Messages.of(e)));
        }
    }
}
