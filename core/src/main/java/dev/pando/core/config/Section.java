package dev.pando.core.config;

import java.util.List;
import java.util.stream.Stream;

/** A part of the file: the top level, a table or a list of tables. */
enum Section {
    TOP("", false, false, "Keys before the first section."),
    LISTEN("listen", false, false, "Where PostgreSQL clients connect."),
    NETWORK(
            "network",
            false,
            false,
            "TCP sockets of clients and servers. What is 0 is left to the operating system; all but `keepalive` needs Linux."),
    TLS(
            "tls",
            false,
            false,
            "Encryption between clients and Pando. Files are PEM; a relative path starts at the configuration file's folder."),
    AUTH(
            "auth",
            false,
            false,
            "Who may log in from where, by which method, and where their secrets are, beside those under `[[users]]`."
                    + " authentication.md explains it. Relative paths start at the configuration file's folder."),
    HTTP("http", false, false, "The HTTP API and the status page."),
    NODE("node", false, false, "This Pando among others before the same shards."),
    PEERS("peers", true, false, "Other Pandos behind the same load balancer, to which cancel requests are passed on."),
    RESTART("restart", false, false, "How one process makes room for the next."),
    DATABASE("database", false, false, "The sharded database. What it says counts only if there are shards."),
    CONTROL("control", false, true, "Pando's own user on every shard. `pando up` makes one itself."),
    SHARD_TLS("shard_tls", false, true, "Encryption between Pando and the servers of the shards."),
    POOL("pool", false, false, "Connections from Pando to the shards."),
    TIMEOUTS(
            "timeouts",
            false,
            false,
            "How long clients may take; 0s is for ever. A client that is hung up on leaves no transaction behind: what runs for it"
                    + " is cancelled, what is open is rolled back."),
    STATEMENTS(
            "statements",
            false,
            false,
            "What is counted of statements, by their shapes; docs/observability.md shows it."),
    TRACING(
            "tracing",
            false,
            false,
            "Where spans of statements go that belong to a trace (`traceparent`), by OTLP over HTTP. Nowhere without an"
                    + " `endpoint`."),
    LIMITS("limits", false, false, "A bound on everything that grows."),
    USERS(
            "users",
            true,
            false,
            "Who may log in. The same name and password must exist on every shard. With `pando up` the default is one user"
                    + " `app` with password `app`. Of what can be set for a user, a database and all, the user's value holds, else the"
                    + " database's."),
    DATABASES(
            "databases",
            true,
            false,
            "Plain databases: each is pooled as it is, beside the sharded one or without one. It needs no superuser and nothing"
                    + " of Pando's on its servers. With these alone and no `[[shards]]`, `pando serve` is a pooler and nothing"
                    + " else."),
    SHARDS(
            "shards",
            true,
            true,
            "The shards in the order of their numbers. The first is home: tables that are not declared live there. Never"
                    + " reorder or remove entries of a fleet that holds rows. `pando up` makes its own."),
    TABLES(
            "tables",
            true,
            false,
            "Tables to distribute. `SELECT pando.distribute(…)` and `SELECT pando.reference(…)` say the same in SQL. Each"
                    + " table has either a `key` or `reference = true`.");

    private final String title;
    private final boolean list;
    private final boolean serveOnly;
    private final String what;

    Section(String title, boolean list, boolean serveOnly, String what) {
        this.title = title;
        this.list = list;
        this.serveOnly = serveOnly;
        this.what = what;
    }

    /** Of all sections that have one. */
    static List<String> titles() {
        return Stream.of(values())
                .filter(section -> section != TOP)
                .map(Section::title)
                .toList();
    }

    String title() {
        return title;
    }

    /** Written as {@code [[title]]}, any number of times. */
    boolean list() {
        return list;
    }

    /** Refused by {@code pando up}. */
    boolean serveOnly() {
        return serveOnly;
    }

    String what() {
        return what;
    }

    String header() {
        return list ? "[[" + title + "]]" : "[" + title + "]";
    }
}
