package dev.pando.core.route;

import dev.pando.base.sql.ShapedSql;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.topology.ShardId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A text and what to do with it.
 *
 * @param shaped of {@code sql} itself, so that its literals are this text's
 * @param pieces the statements of the text; with several, {@code plan} is that of an empty one and each piece has to be planned by itself
 * @param complaint why the grammar cannot read the text, which the only server there is may judge otherwise; null when it can
 */
public record Planned(
        byte[] sql,
        Plan plan,
        ShapedSql shaped,
        List<Piece> pieces,
        @Nullable ErrorFields complaint) {
    public Planned {
        pieces = List.copyOf(pieces);
    }

    public Planned(byte[] sql, Plan plan, ShapedSql shaped, List<Piece> pieces) {
        this(sql, plan, shaped, pieces, null);
    }

    /** A text that is one statement. */
    public static Planned single(ShapedSql shaped, byte[] sql, Plan plan) {
        return new Planned(sql, plan, shaped, List.of(new Piece(0, sql.length)));
    }

    /** One statement's bytes {@code [start, end)} in a text. */
    public record Piece(int start, int end) {}

    public boolean several() {
        return pieces.size() > 1;
    }

    /** The highest {@code $n} that the client has to give: those in a PREPARE or in a function's body are not this statement's. */
    public int parameters() {
        int highest = shaped.parameters();
        return highest > 0 && holdsBody() ? 0 : highest;
    }

    private boolean holdsBody() {
        return switch (shaped.word(0)) {
            case "prepare" -> true;
            case "create" -> List.of("function", "procedure", "or").contains(shaped.word(1));
            default -> false;
        };
    }

    /** The statement's first two words in upper case, for messages. */
    public String firstWords() {
        return (shaped.word(0) + " " + shaped.word(1)).strip().toUpperCase(Locale.ROOT);
    }

    /** A shard whose server can say what the statement's columns are. */
    public ShardId validationShard(ShardId any) {
        return switch (plan.target()) {
            case Target.One one -> one.shard();
            case Target.Any elsewhere -> any;
            case Target.All all -> any;
            case Target.ByKey keys -> any;
            case Target.Current current -> ShardId.HOME;
            case Target.Nowhere nowhere -> any;
        };
    }
}
