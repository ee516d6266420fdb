package dev.pando.core.hba;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a client has to prove who it is. */
public enum HbaMethod {
    TRUST("trust"),
    REJECT("reject"),
    SCRAM("scram-sha-256"),
    /** MD5 where that is what is stored, else SCRAM. */
    MD5("md5"),
    PASSWORD("password"),
    CERT("cert"),
    PEER("peer");

    private final String word;

    HbaMethod(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    static @Nullable HbaMethod of(String word) {
        return Arrays.stream(values())
                .filter(method -> method.word.equals(word))
                .findFirst()
                .orElse(null);
    }

    static List<String> words() {
        return Arrays.stream(values()).map(HbaMethod::word).toList();
    }
}
