package dev.pando.lint.read;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** Whose migration a file is, told from its name and its text. */
public enum Format {
    PLAIN("plain SQL", "each statement commits by itself"),
    FLYWAY("Flyway", "one transaction per file"),
    LIQUIBASE("Liquibase-formatted SQL", "one transaction per changeset"),
    GOOSE("goose", "one transaction per file"),
    DBMATE("dbmate", "one transaction per file"),
    SQLX("sqlx", "one transaction per file"),
    ATLAS("Atlas", "one transaction per file"),
    PRISMA("Prisma", "several statements of a file share a transaction"),
    DRIZZLE("Drizzle", "one transaction per file, and all files of a run share it"),
    NODE_PG_MIGRATE("node-pg-migrate", "one transaction per file, and all files of a run share it"),
    GOLANG_MIGRATE("golang-migrate", "one transaction per file");

    private static final Pattern LIQUIBASE_HEADER = Pattern.compile("\\A\\s*--\\s*liquibase\\s+formatted\\s+sql\\b.*");
    private static final Pattern GOOSE_HEADER = Pattern.compile("(?m)^--\\s*\\+goose\\s+Up\\b");
    private static final Pattern DBMATE_HEADER = Pattern.compile("(?m)^--\\s*migrate:up\\b");
    private static final Pattern ATLAS_MARK = Pattern.compile("(?m)^--\\s*atlas:(?:txmode|nolint|import|delimiter)\\b");
    private static final Pattern DRIZZLE_MARK = Pattern.compile("-->\\s*statement-breakpoint\\b");
    private static final Pattern NODE_HEADER = Pattern.compile("(?mi)^--[\\s-]*up\\s+migration\\b");
    /** A folder for each migration, with one file in it. */
    private static final Pattern PRISMA_NAME =
            Pattern.compile("(?:.*[/\\\\])?[0-9]{14}_[^/\\\\]*[/\\\\]migration\\.sql");

    private static final Pattern DRIZZLE_NAME = Pattern.compile("(?:.*[/\\\\])?drizzle[/\\\\][0-9]{4}_[^/\\\\]+\\.sql");
    private static final Pattern FLYWAY_NAME = Pattern.compile("(?:[VU][0-9][0-9._]*|R)__.+\\.sql");
    private static final Pattern SQLX_NAME = Pattern.compile("[0-9]{14}_.+(?<!\\.up|\\.down)\\.sql");
    private static final Pattern SQLX_MARK = Pattern.compile("\\A--\\s*no-transaction\\b");
    private static final Pattern UP_DOWN_NAME = Pattern.compile("[0-9]+_.+\\.(?:up|down)\\.sql");

    private final String title;
    private final String transactions;

    Format(String title, String transactions) {
        this.title = title;
        this.transactions = transactions;
    }

    public String title() {
        return title;
    }

    /** Whether all files of a run share a transaction. */
    boolean spansFiles() {
        return this == DRIZZLE || this == NODE_PG_MIGRATE;
    }

    /** How its tool runs a file, unless the file says otherwise. */
    public String transactions() {
        return transactions;
    }

    /** Marks in the text decide before the name does; what nothing is known of is plain. */
    static Format of(String name, String text) {
        if (LIQUIBASE_HEADER.matcher(text).lookingAt()) {
            return LIQUIBASE;
        }
        if (GOOSE_HEADER.matcher(text).find()) {
            return GOOSE;
        }
        if (DBMATE_HEADER.matcher(text).find()) {
            return DBMATE;
        }
        if (NODE_HEADER.matcher(text).find()) {
            return NODE_PG_MIGRATE;
        }
        if (ATLAS_MARK.matcher(text).find()) {
            return ATLAS;
        }
        if (PRISMA_NAME.matcher(name).matches()) {
            return PRISMA;
        }
        if (DRIZZLE_MARK.matcher(text).find() || DRIZZLE_NAME.matcher(name).matches()) {
            return DRIZZLE;
        }
        String file = fileName(name);
        if (FLYWAY_NAME.matcher(file).matches()) {
            return FLYWAY;
        }
        if (UP_DOWN_NAME.matcher(file).matches()) {
            return GOLANG_MIGRATE;
        }
        return SQLX_NAME.matcher(file).matches() || SQLX_MARK.matcher(text).lookingAt() ? SQLX : PLAIN;
    }

    static String fileName(String name) {
        return String.valueOf(Path.of(name).getFileName());
    }
}
