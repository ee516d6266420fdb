package dev.pando.core.route;

import dev.pando.base.sql.Splice;
import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Writes the INSERT of some of a statement's rows. */
public final class SplitInsert {
    private SplitInsert() {}

    /**
     * The statement one shard gets.
     *
     * @param parameters for each of its parameters the number in the client's statement, both from 1
     */
    public record Part(byte[] sql, int[] parameters) {}

    /**
     * @param sql the client's statement
     * @param wanted indexes of the rows, ascending, at least one
     */
    public static Part render(byte[] sql, Across.SplitRows rows, List<Integer> wanted) {
        List<Across.RowPart> parts = rows.rows();
        List<Splice.Edit> edits = new ArrayList<>();
        Set<Integer> kept = new TreeSet<>(wanted);
        boolean first = true;
        for (int i = 0; i < parts.size(); i++) {
            int start = parts.get(i).start();
            if (!kept.contains(i)) {
                edits.add(new Splice.Edit(start, parts.get(i).end(), ""));
            }
            boolean needsComma = kept.contains(i) && !first;
            first &= !kept.contains(i);
            if (i > 0) {
                edits.add(new Splice.Edit(parts.get(i - 1).end(), start, needsComma ? ", " : ""));
            }
        }
        edits.sort(java.util.Comparator.comparingInt(Splice.Edit::start).thenComparingInt(Splice.Edit::end));
        return renumber(Splice.apply(sql, edits));
    }

    /** Parameters that are left get numbers from 1 without gaps, in the order of their old ones. */
    private static Part renumber(byte[] sql) {
        record Place(int start, int end, int number) {}
        List<Place> places = new ArrayList<>();
        SqlLexer lexer = new SqlLexer();
        lexer.reset(sql, 0, sql.length);
        for (Token token = lexer.next(); token != Token.END; token = lexer.next()) {
            if (token == Token.PARAMETER) {
                int number = 0;
                for (int at = lexer.start() + 1; at < lexer.end(); at++) {
                    number = number * 10 + sql[at] - '0';
                }
                places.add(new Place(lexer.start(), lexer.end(), number));
            }
        }
        Map<Integer, Integer> numbers = new LinkedHashMap<>();
        places.stream().map(Place::number).sorted().forEach(old -> numbers.putIfAbsent(old, numbers.size() + 1));
        List<Splice.Edit> edits = places.stream()
                .map(place -> new Splice.Edit(place.start(), place.end(), "$" + numbers.get(place.number())))
                .toList();
        int[] old = numbers.keySet().stream().mapToInt(Integer::intValue).toArray();
        return new Part(Splice.apply(sql, edits), old);
    }
}
