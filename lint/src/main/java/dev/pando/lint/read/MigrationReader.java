package dev.pando.lint.read;

import dev.pando.lint.read.Statement.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Migration} of a text. */
public final class MigrationReader {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}\\s]{1,200})}");
    private static final Pattern ALLOW = Pattern.compile(
            "(?:--|/\\*)\\s*pando:\\s*allow\\s+([A-Za-z0-9_-]+)(?:\\s+(?:--\\s*)?(.*?))?\\s*(?:\\*/)?", Pattern.DOTALL);
    private static final Pattern NOT_IN_BLOCK = Pattern.compile(
            "(?is)(?:create\\s+(?:unique\\s+)?index\\s+concurrently|drop\\s+index\\s+concurrently|reindex\\b.*\\bconcurrently|vacuum|"
                    + "create\\s+database|drop\\s+database|create\\s+tablespace|drop\\s+tablespace|alter\\s+system|"
                    + "alter\\s+table\\b.*\\bdetach\\s+partition\\b.*\\bconcurrently)\\b.*");

    /** What the caller says of how migrations are run. */
    public enum Mode {
        /** As the tool does whose format it is. */
        BY_FORMAT,
        PER_FILE,
        PER_STATEMENT
    }

    private final Map<String, String> placeholders;
    private final Mode mode;

    public MigrationReader(Map<String, String> placeholders, Mode mode) {
        this.placeholders = Map.copyOf(placeholders);
        this.mode = mode;
    }

    public Migration read(Source source) {
        return read(source, new Transactions(), null);
    }

    /** Files that their tool runs at once, of which some tools make one transaction. */
    public List<Migration> together(List<Source> sources) {
        List<Migration> migrations = new ArrayList<>();
        var transactions = new Transactions();
        Format before = null;
        for (Source source : sources) {
            Migration migration = read(source, transactions, before);
            migrations.add(migration);
            before = migration.format();
        }
        return migrations;
    }

    private Migration read(Source source, Transactions transactions, @Nullable Format before) {
        String text = source.text();
        Format format = Format.of(source.name(), text);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var places = new Places(bytes);
        List<Statement> statements = new ArrayList<>();
        List<Splitter.Comment> comments = new ArrayList<>();
        boolean spans = mode == Mode.BY_FORMAT && format == before && format.spansFiles() && transactions.ofTool();
        boolean continued = false;
        for (Section section : Sections.of(format, text, source.settings())) {
            var splitter = new Splitter(bytes);
            splitter.read(section);
            comments.addAll(splitter.comments());
            boolean inTransaction = inTransaction(format, section, splitter.pieces(), bytes);
            if (spans && statements.isEmpty() && inTransaction) {
                continued = true;
            } else {
                transactions.section(inTransaction);
            }
            for (Splitter.Piece piece : splitter.pieces()) {
                statements.add(statement(statements.size(), piece, bytes, places, transactions));
            }
        }
        return new Migration(source.name(), format, text, statements, allows(comments, statements, places), continued);
    }

    private boolean inTransaction(Format format, Section section, List<Splitter.Piece> pieces, byte[] bytes) {
        if (mode != Mode.BY_FORMAT) {
            return mode == Mode.PER_FILE;
        }
        boolean all = !pieces.isEmpty()
                && pieces.stream()
                        .allMatch(piece ->
                                NOT_IN_BLOCK.matcher(text(piece, bytes)).matches());
        return switch (format) {
            // Flyway leaves the transaction out by itself when a file has only statements that refuse one.
            case FLYWAY -> section.inTransaction() && !all;
            // Sent as one message: several statements share a transaction, one is its own.
            case GOLANG_MIGRATE, PRISMA -> pieces.size() > 1;
            case PLAIN, LIQUIBASE, GOOSE, DBMATE, SQLX, ATLAS, DRIZZLE, NODE_PG_MIGRATE -> section.inTransaction();
        };
    }

    private static String text(Splitter.Piece piece, byte[] bytes) {
        return new String(bytes, piece.start(), piece.end() - piece.start(), StandardCharsets.UTF_8);
    }

    private Statement statement(
            int number, Splitter.Piece piece, byte[] bytes, Places places, Transactions transactions) {
        String source = text(piece, bytes);
        String sql = piece.psql() ? source : filled(source);
        Kind kind = piece.psql() ? Kind.PSQL : hasPlaceholder(sql) ? Kind.PLACEHOLDER : Kind.SQL;
        return new Statement(
                number,
                kind,
                sql,
                source,
                piece.start(),
                piece.end(),
                places.at(piece.start()),
                places.at(piece.end()),
                transactions.of(sql));
    }

    private String filled(String sql) {
        return PLACEHOLDER
                .matcher(sql)
                .replaceAll(
                        found -> Matcher.quoteReplacement(placeholders.getOrDefault(found.group(1), found.group())));
    }

    private static boolean hasPlaceholder(String sql) {
        return PLACEHOLDER.matcher(sql).find();
    }

    /** A comment speaks of the statement it is in, or that ends before it on its line, or that comes next. */
    private static List<Allow> allows(List<Splitter.Comment> comments, List<Statement> statements, Places places) {
        List<Allow> allows = new ArrayList<>();
        for (Splitter.Comment comment : comments) {
            Matcher allow = ALLOW.matcher(comment.text());
            if (allow.matches()) {
                Place place = places.at(comment.start());
                String reason = allow.group(2) == null || allow.group(2).isBlank() ? null : allow.group(2);
                allows.add(new Allow(allow.group(1), reason, place, meant(comment.start(), place, statements)));
            }
        }
        return allows;
    }

    private static int meant(int offset, Place place, List<Statement> statements) {
        for (Statement statement : statements) {
            boolean onItsLine =
                    statement.end() <= offset && statement.endPlace().line() == place.line();
            boolean later = onItsLine
                    && statements.stream()
                            .anyMatch(other -> other.number() > statement.number() && other.end() <= offset);
            if ((onItsLine && !later) || statement.end() > offset) {
                return statement.number();
            }
        }
        return -1;
    }
}
