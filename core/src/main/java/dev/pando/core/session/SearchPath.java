package dev.pando.core.session;

import dev.pando.base.sql.Identifier;
import java.util.ArrayList;
import java.util.List;

/** The schemas in which the session's unqualified names are looked up. */
final class SearchPath {
    /** What the path is, and what it will be when the transaction has ended. */
    record State(List<String> session, List<String> current) {}

    private final String user;
    private List<String> session;
    private List<String> current;

    SearchPath(String user) {
        this.user = user;
        this.session = parse("\"$user\", public");
        this.current = session;
    }

    List<String> current() {
        return current;
    }

    /** Takes the value as SHOW search_path gives it. */
    void set(String value, boolean local) {
        current = parse(value);
        if (!local) {
            session = current;
        }
    }

    State state() {
        return new State(session, current);
    }

    /** ROLLBACK takes back what SET did, with LOCAL or without. */
    void restore(State before) {
        session = before.session();
        current = before.current();
    }

    /** What was set locally has ended. */
    void transactionEnded() {
        current = session;
    }

    private List<String> parse(String value) {
        List<String> schemas = new ArrayList<>();
        int at = 0;
        while (at < value.length()) {
            char c = value.charAt(at);
            if (c == '"') {
                StringBuilder name = new StringBuilder();
                at++;
                while (at < value.length()) {
                    if (value.charAt(at) == '"') {
                        if (at + 1 < value.length() && value.charAt(at + 1) == '"') {
                            at++;
                        } else {
                            break;
                        }
                    }
                    name.append(value.charAt(at++));
                }
                at++;
                add(schemas, Identifier.cut(name.toString()));
            } else if (c == ',' || Character.isWhitespace(c)) {
                at++;
            } else {
                int end = at;
                while (end < value.length() && value.charAt(end) != ',' && !Character.isWhitespace(value.charAt(end))) {
                    end++;
                }
                add(schemas, Identifier.folded(value.substring(at, end)));
                at = end;
            }
        }
        return List.copyOf(schemas);
    }

    private void add(List<String> schemas, String name) {
        schemas.add(name.equals("$user") ? user : name);
    }
}
