package dev.pando.core.hba;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which users somebody known to the system, or named by a certificate, may be: a file in the format of pg_ident.conf. */
public final class IdentMap {
    private final List<Entry> entries;

    /** {@code system} is a name, or an expression whose first group may be asked for as {@code \1}. */
    private record Entry(String map, SystemName system, Word user) {}

    private record SystemName(String name, @Nullable Pattern pattern) {}

    private IdentMap(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    static IdentMap read(List<RuleLine> lines, List<Flaw> flaws) {
        List<Entry> entries = new ArrayList<>();
        for (RuleLine line : lines) {
            try {
                entries.add(entry(line.fields()));
            } catch (IllegalArgumentException wrong) {
                flaws.add(new Flaw(line.file(), line.number(), String.valueOf(wrong.getMessage())));
            }
        }
        return new IdentMap(entries);
    }

    private static Entry entry(List<List<Word>> fields) {
        if (fields.size() != 3 || fields.stream().anyMatch(field -> field.size() != 1)) {
            throw new IllegalArgumentException("a line has a map, a system's name and a user, each a single word");
        }
        String system = fields.get(1).getFirst().text();
        Word user = fields.get(2).getFirst();
        if (user.beginsWith('+')) {
            throw new IllegalArgumentException("\"" + user.text()
                    + "\" needs to know who is a member of which role, which Pando does not; name the users");
        }
        boolean expression = system.startsWith("/");
        Pattern pattern = expression ? NameTest.pattern(system.substring(1)) : null;
        boolean asksForGroup = user.text().contains("\\1") && !user.text().startsWith("/");
        if (asksForGroup && (pattern == null || pattern.matcher("").groupCount() < 1)) {
            throw new IllegalArgumentException("\"" + user.text() + "\" asks for a group, and " + system + " has none");
        }
        if (user.text().startsWith("/")) {
            NameTest.pattern(user.text().substring(1));
        }
        return new Entry(fields.get(0).getFirst().text(), new SystemName(system, pattern), user);
    }

    boolean has(String map) {
        return entries.stream().anyMatch(entry -> entry.map().equals(map));
    }

    /** Without a map the names must be the same. */
    boolean allows(@Nullable String map, String system, String user) {
        if (map == null) {
            return system.equals(user);
        }
        return entries.stream().anyMatch(entry -> entry.map().equals(map) && allows(entry, system, user));
    }

    private static boolean allows(Entry entry, String system, String user) {
        Pattern pattern = entry.system().pattern();
        Word wanted = entry.user();
        if (pattern == null) {
            return entry.system().name().equals(system) && is(wanted, wanted.text(), user);
        }
        Matcher found = BoundedText.matcher(pattern, system);
        if (!found.find()) {
            return false;
        }
        if (wanted.text().startsWith("/") || !wanted.text().contains("\\1")) {
            return is(wanted, wanted.text(), user);
        }
        String group = found.group(1);
        return group != null && wanted.text().replace("\\1", group).equals(user);
    }

    private static boolean is(Word wanted, String text, String user) {
        if (wanted.is("all")) {
            return true;
        }
        return text.startsWith("/")
                ? BoundedText.matcher(NameTest.pattern(text.substring(1)), user).find()
                : text.equals(user);
    }
}
