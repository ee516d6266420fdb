package dev.pando.core.hba;

import dev.pando.core.hba.HbaRule.ClientCertificate;
import dev.pando.core.hba.HbaRule.Kind;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads one line as a rule. */
final class HbaReader {
    private final RuleLine line;
    private int next;
    private String address = "";
    private String mask = "";

    private HbaReader(RuleLine line) {
        this.line = line;
    }

    static List<HbaRule> read(List<RuleLine> lines, List<Flaw> flaws) {
        List<HbaRule> rules = new ArrayList<>();
        for (RuleLine line : lines) {
            try {
                rules.add(new HbaReader(line).rule());
            } catch (IllegalArgumentException wrong) {
                flaws.add(new Flaw(line.file(), line.number(), String.valueOf(wrong.getMessage())));
            }
        }
        return rules;
    }

    private HbaRule rule() {
        Kind kind = kind(single("a kind of connection"));
        List<Word> databases = field("a database");
        List<Word> users = field("a user");
        Network.Test from = kind == Kind.LOCAL ? null : from();
        HbaMethod method = method(kind, single("a method"));
        HbaRule.Options options = options(kind, method);
        return new HbaRule(
                new HbaRule.Line(line.file(), line.number(), texts(databases), texts(users), address, mask),
                kind,
                new HbaRule.Who(tests(databases, NameTest::ofDatabase), tests(users, NameTest::ofUser), from),
                method,
                options);
    }

    private static List<String> texts(List<Word> words) {
        return words.stream().map(Word::text).toList();
    }

    private static List<NameTest> tests(List<Word> words, Function<Word, NameTest> test) {
        return words.stream().map(test).toList();
    }

    private List<Word> field(String what) {
        if (next >= line.fields().size()) {
            throw new IllegalArgumentException("the line ends where " + what + " is due");
        }
        return line.fields().get(next++);
    }

    private Word single(String what) {
        List<Word> words = field(what);
        if (words.size() != 1) {
            throw new IllegalArgumentException(what + " is due, and \"" + String.join(",", texts(words)) + "\" is "
                    + (words.isEmpty() ? "none" : "several"));
        }
        return words.getFirst();
    }

    private static Kind kind(Word word) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.word().equals(word.text()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + word.text()
                        + "\" is no kind of connection; there are "
                        + String.join(
                                ", ",
                                Arrays.stream(Kind.values()).map(Kind::word).toList())));
    }

    private Network.Test from() {
        Word word = single("an address");
        address = word.text();
        if (word.is("all")) {
            return new Network.Test.Everywhere();
        }
        if (word.is("samehost")) {
            return new Network.Test.SameHost();
        }
        if (word.is("samenet")) {
            return new Network.Test.SameNet();
        }
        int slash = address.indexOf('/');
        String host = slash < 0 ? address : address.substring(0, slash);
        InetAddress literal = Network.literal(host);
        if (literal == null) {
            throw new IllegalArgumentException(
                    "\"" + word.text()
                            + "\" is no address; host names are not looked up, write an address with its mask, such as 10.0.0.0/8");
        }
        address = host;
        if (slash < 0) {
            return new Network.Test.Within(masked(literal, single("a mask").text()));
        }
        mask = word.text().substring(slash + 1);
        if (!mask.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("\"/" + mask + "\" is no number of bits");
        }
        return new Network.Test.Within(Network.of(literal, Integer.parseInt(mask)));
    }

    private Network masked(InetAddress literal, String text) {
        InetAddress found = Network.literal(text);
        if (found == null) {
            throw new IllegalArgumentException("\"" + text + "\" is no mask of " + address + "; write it as " + address
                    + "/bits, or as an address");
        }
        if (found.getAddress().length != literal.getAddress().length) {
            throw new IllegalArgumentException("address " + address + " and mask " + text + " are of different kinds");
        }
        mask = text;
        return new Network(literal.getAddress(), found.getAddress());
    }

    private static HbaMethod method(Kind kind, Word word) {
        // PostgreSQL takes ident on a unix socket for peer.
        HbaMethod method =
                word.text().equals("ident") && kind == Kind.LOCAL ? HbaMethod.PEER : HbaMethod.of(word.text());
        if (method == null) {
            throw new IllegalArgumentException("method \"" + word.text() + "\" is not available; there are "
                    + String.join(", ", HbaMethod.words()));
        }
        if (method == HbaMethod.PEER && kind != Kind.LOCAL) {
            throw new IllegalArgumentException("peer is for local connections only");
        }
        if (method == HbaMethod.CERT && kind != Kind.HOSTSSL) {
            throw new IllegalArgumentException("cert is for hostssl connections only");
        }
        return method;
    }

    private HbaRule.Options options(Kind kind, HbaMethod method) {
        String map = null;
        boolean wholeName = false;
        ClientCertificate certificate =
                method == HbaMethod.CERT ? ClientCertificate.OF_THE_USER : ClientCertificate.ANY;
        while (next < line.fields().size()) {
            for (Word word : line.fields().get(next++)) {
                int equals = word.text().indexOf('=');
                String value = word.text().substring(equals + 1);
                switch (equals < 0 ? "" : word.text().substring(0, equals)) {
                    case "map" -> map = map(method, value);
                    case "clientcert" -> certificate = certificate(kind, method, value);
                    case "clientname" -> wholeName = wholeName(kind, value);
                    default ->
                        throw new IllegalArgumentException("option \"" + word.text()
                                + "\" is unknown; there are map=, clientcert= and clientname=");
                }
            }
        }
        if (wholeName && certificate != ClientCertificate.OF_THE_USER) {
            throw new IllegalArgumentException("clientname=DN needs method cert or clientcert=verify-full");
        }
        return new HbaRule.Options(map, certificate, wholeName);
    }

    private static String map(HbaMethod method, @Nullable String name) {
        if (method != HbaMethod.CERT && method != HbaMethod.PEER) {
            throw new IllegalArgumentException("map= goes with cert and peer only");
        }
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("map= needs the name of a map");
        }
        return name;
    }

    private static ClientCertificate certificate(Kind kind, HbaMethod method, String value) {
        if (kind != Kind.HOSTSSL) {
            throw new IllegalArgumentException("clientcert= is for hostssl connections only");
        }
        if (method == HbaMethod.CERT && !value.equals("verify-full")) {
            throw new IllegalArgumentException(
                    "cert checks the user's name: clientcert=" + value + " does not go with it");
        }
        return switch (value) {
            case "verify-ca" -> ClientCertificate.VERIFIED;
            case "verify-full" -> ClientCertificate.OF_THE_USER;
            default ->
                throw new IllegalArgumentException("clientcert=" + value + " is neither verify-ca nor verify-full");
        };
    }

    private static boolean wholeName(Kind kind, String value) {
        if (kind != Kind.HOSTSSL) {
            throw new IllegalArgumentException("clientname= is for hostssl connections only");
        }
        return switch (value) {
            case "CN" -> false;
            case "DN" -> true;
            default -> throw new IllegalArgumentException("clientname=" + value + " is neither CN nor DN");
        };
    }
}
