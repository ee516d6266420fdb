package dev.pando.core.config;

import dev.pando.base.auth.StoredSecret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PgBouncer's userlist.txt: a line has name and secret, each in quotation marks, which are written twice to mean themselves. */
final class UserList {
    private static final Pattern LINE = Pattern.compile("\\s*\"((?:[^\"]|\"\")+)\"\\s+\"((?:[^\"]|\"\")*)\"(?:\\s.*)?");

    private UserList() {}

    static List<PandoConfig.User> read(String file, String text, Problems problems) {
        List<PandoConfig.User> users = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int number = 0;
        for (String line : text.split("\\R", -1)) {
            number++;
            if (line.isBlank() || line.startsWith(";") || line.startsWith("#")) {
                continue;
            }
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                problems.addIn(file, number, "a line has a name and a secret, each in quotation marks");
                continue;
            }
            String name = plain(parts.group(1));
            String secret = plain(parts.group(2));
            String doubt = StoredSecret.doubt(secret);
            if (doubt != null) {
                problems.addIn(file, number, "the secret of \"" + name + "\" " + doubt);
            }
            if (!names.add(name)) {
                problems.addIn(file, number, "user \"" + name + "\" is there twice");
            }
            users.add(new PandoConfig.User(name, new Secret(secret), false, null));
        }
        return users;
    }

    private static String plain(String quoted) {
        return quoted.replace("\"\"", "\"");
    }
}
