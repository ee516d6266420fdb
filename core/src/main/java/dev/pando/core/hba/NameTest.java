package dev.pando.core.hba;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What a rule says about the name of a database or user. */
sealed interface NameTest {
    record All() implements NameTest {}

    /** The database is called as the user. */
    record SameUser() implements NameTest {}

    /** A connection that streams a server's log, which belongs to no database. */
    record Replication() implements NameTest {}

    record Exactly(String name) implements NameTest {}

    record Like(Pattern pattern) implements NameTest {}

    /** Throws IllegalArgumentException with what is wrong. */
    static NameTest ofDatabase(Word word) {
        if (word.is("samerole") || word.is("samegroup")) {
            throw new IllegalArgumentException("\"" + word.text()
                    + "\" needs to know who is a member of which role, which Pando does not; name the databases");
        }
        if (word.is("all")) {
            return new All();
        }
        if (word.is("sameuser")) {
            return new SameUser();
        }
        return word.is("replication") ? new Replication() : name(word);
    }

    /** Throws IllegalArgumentException with what is wrong. */
    static NameTest ofUser(Word word) {
        if (word.beginsWith('+')) {
            throw new IllegalArgumentException(
                    "\"" + word.text()
                            + "\" needs to know who is a member of which role, which Pando does not; name the users, or use /regex");
        }
        return word.is("all") ? new All() : name(word);
    }

    private static NameTest name(Word word) {
        if (!word.text().startsWith("/")) {
            return new Exactly(word.text());
        }
        return new Like(pattern(word.text().substring(1)));
    }

    /** Throws IllegalArgumentException with what is wrong. */
    static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("/" + text + " is no regular expression: " + e.getDescription(), e);
        }
    }

    private boolean holds(String name) {
        return switch (this) {
            case All all -> true;
            case SameUser same -> false;
            case Replication replication -> false;
            case Exactly(String wanted) -> wanted.equals(name);
            case Like(Pattern pattern) -> BoundedText.matcher(pattern, name).find();
        };
    }

    static boolean database(List<NameTest> tests, LoginAttempt attempt) {
        if (attempt.streamsLog()) {
            return tests.stream().anyMatch(Replication.class::isInstance);
        }
        return tests.stream()
                .anyMatch(test -> test instanceof SameUser
                        ? attempt.user().equals(attempt.database())
                        : test.holds(attempt.database()));
    }

    static boolean user(List<NameTest> tests, LoginAttempt attempt) {
        return tests.stream().anyMatch(test -> test.holds(attempt.user()));
    }
}
