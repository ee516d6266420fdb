package dev.pando.core.sight;

import dev.pando.base.sql.SqlLexer;
import dev.pando.base.sql.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to do instead of asking one question many times.
 *
 * @param advice in words
 * @param batched the statement that asks once, with the values as an array; null unless it is a lookup in one table by equality with one
 *     value, for of anything else a program cannot tell what varies, or whether a batch would mean the same
 */
public record Remedy(String advice, @Nullable String batched) {
    private static final Set<String> ENDS = Set.of(
            "union",
            "intersect",
            "except",
            "group",
            "having",
            "window",
            "order",
            "offset",
            "fetch",
            "join",
            "left",
            "right",
            "full",
            "inner",
            "cross",
            "natural",
            "tablesample",
            "only",
            "lateral",
            "returning",
            "using");

    static Remedy of(StatementEntry.Kind kind, String text) {
        return switch (kind) {
            case SELECT -> {
                String batched = new Lookup(text, "select").batched();
                yield batched == null
                        ? new Remedy("ask once for all: a join, or = ANY($1) with the values as an array", null)
                        : new Remedy("ask once for all values", batched);
            }
            case DELETE -> {
                String batched = new Lookup(text, "delete").batched();
                yield new Remedy("delete all at once: = ANY($1), or USING", batched);
            }
            case INSERT -> new Remedy("one INSERT with many rows, or COPY", null);
            case UPDATE -> new Remedy("one UPDATE … FROM (VALUES …), or FROM unnest($1, $2)", null);
            case OTHER -> new Remedy("", null);
        };
    }

    /** Reads {@code select … from table where column = value [and column is [not] null]… [limit n] [for update]}, and DELETE alike. */
    private static final class Lookup {
        private final String verb;
        private final List<String> words = new ArrayList<>();
        private int at;
        private @Nullable String column;
        private final List<String> others = new ArrayList<>();
        private String locking = "";

        Lookup(String text, String verb) {
            this.verb = verb;
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            SqlLexer lexer = new SqlLexer();
            lexer.reset(bytes, 0, bytes.length);
            while (lexer.next() != Token.END) {
                words.add(new String(bytes, lexer.start(), lexer.end() - lexer.start(), StandardCharsets.UTF_8));
            }
        }

        @Nullable
        String batched() {
            if (!take(verb)) {
                return null;
            }
            List<String> list = new ArrayList<>();
            while (at < words.size() && !is("from")) {
                list.add(words.get(at++));
            }
            if (list.contains("(") || list.contains("distinct") || !take("from")) {
                return null;
            }
            List<String> table = name();
            List<String> alias = alias();
            if (table.isEmpty() || !take("where") || !conditions() || !end() || column == null) {
                return null;
            }
            StringBuilder out = new StringBuilder(verb);
            if (verb.equals("select")) {
                out.append(' ').append(spaced(listed(list)));
            }
            out.append(" from ").append(spaced(table));
            if (!alias.isEmpty()) {
                out.append(' ').append(spaced(alias));
            }
            out.append(" where ").append(column).append(" = ANY($1)");
            others.forEach(other -> out.append(" and ").append(other));
            return out.append(locking).toString();
        }

        /** With the column by which the rows can be told apart. */
        private List<String> listed(List<String> list) {
            String wanted = String.valueOf(column);
            String bare = wanted.substring(wanted.lastIndexOf('.') + 1);
            if (list.contains("*") || list.contains(bare)) {
                return list;
            }
            List<String> longer = new ArrayList<>(List.of(wanted, ","));
            longer.addAll(list);
            return longer;
        }

        private boolean is(String word) {
            return at < words.size() && words.get(at).equals(word);
        }

        private boolean take(String word) {
            boolean found = is(word);
            at += found ? 1 : 0;
            return found;
        }

        private boolean isName() {
            if (at >= words.size()) {
                return false;
            }
            String word = words.get(at);
            char first = word.charAt(0);
            return (Character.isLetter(first) || first == '_' || first == '"') && !ENDS.contains(word);
        }

        /** Its words with the dots between them; empty when there is none. */
        private List<String> name() {
            List<String> found = new ArrayList<>();
            while (isName()) {
                found.add(words.get(at++));
                if (!is(".")) {
                    return found;
                }
                found.add(words.get(at++));
            }
            return List.of();
        }

        private List<String> alias() {
            int from = at;
            take("as");
            if (isName() && !is("where")) {
                at++;
            }
            return List.copyOf(words.subList(from, at));
        }

        private boolean conditions() {
            do {
                if (!condition()) {
                    return false;
                }
            } while (take("and"));
            return true;
        }

        private boolean condition() {
            int from = at;
            if (isValue()) {
                value();
                return take("=") && compared(name());
            }
            List<String> named = name();
            if (take("=")) {
                return isValue() && value() && compared(named);
            }
            if (named.isEmpty() || !take("is")) {
                return false;
            }
            take("not");
            boolean complete = take("null") || take("true") || take("false");
            others.add(spaced(words.subList(from, at)));
            return complete;
        }

        /** Only one may be compared with a value: of two, nobody knows which of them varies. */
        private boolean compared(List<String> named) {
            if (named.isEmpty() || column != null) {
                return false;
            }
            column = spaced(named);
            return true;
        }

        private boolean isValue() {
            if (at >= words.size()) {
                return false;
            }
            String word = words.get(at);
            char first = word.charAt(0);
            return first == '$' || first == '\'' || first == '0';
        }

        /** With its cast. */
        private boolean value() {
            at++;
            if (take("::")) {
                return !name().isEmpty();
            }
            return true;
        }

        private boolean end() {
            if (take("limit") && !(isValue() && value())) {
                return false;
            }
            int from = at;
            if (take("for")) {
                while (isName() || is(".")) {
                    at++;
                }
                locking = " " + spaced(words.subList(from, at));
            }
            return at == words.size();
        }

        private static String spaced(List<String> words) {
            return String.join(" ", words).replace(" . ", ".").replace(" ,", ",");
        }
    }
}
