package dev.pando.conformance;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a script:
 *
 * <pre>
 * Query "SELECT 1"
 * Parse NAME "SELECT $1" int4 25        names of types or their OIDs; - is the unnamed statement or portal
 * Bind PORTAL NAME 5 null bin:0000002a "a b" params=0,1 results=1
 * Describe S NAME, Describe P PORTAL, Close S NAME, Close P PORTAL
 * Execute PORTAL 10                     0 rows, which is all, when left out
 * Sync, Flush, CopyDone, Terminate
 * CopyData "1\t2\n", CopyFail "why"
 * FunctionCall 1598 5 params=1 result=0
 * Message X "bytes"                     any type and body
 * Bytes "bytes"                         unframed
 * Start 3.0 user=app                    a startup packet instead of the login that comes before everything otherwise
 * Authenticate PASSWORD
 * Login application_name=x              a login whose answers are compared
 * wait Z 3, wait end                    until three ReadyForQuery have come; until the server hangs up
 * Cancel                                a CancelRequest over a connection of its own
 * </pre>
 */
final class Notation {
    private static final Pattern TOKEN = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)", Pattern.DOTALL);
    private static final Pattern CLIENT = Pattern.compile("([b-z]): (.*)", Pattern.DOTALL);
    private static final Map<String, Integer> TYPES = Map.of(
            "unknown", 0, "bool", 16, "bytea", 17, "int8", 20, "int4", 23, "text", 25, "float8", 701, "numeric", 1700);

    private final String client;
    private final String line;
    private final List<Word> words;
    private int at = 1;

    private record Word(String text, boolean quoted) {
        boolean is(String bare) {
            return !quoted && text.equals(bare);
        }
    }

    private Notation(String client, String line) {
        this.client = client;
        this.line = line;
        List<Word> found = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(line);
        while (matcher.find()) {
            String quoted = matcher.group(1);
            found.add(quoted == null ? new Word(matcher.group(2), false) : new Word(quoted, true));
        }
        words = found;
    }

    static Step step(String line) {
        Matcher other = CLIENT.matcher(line);
        Notation notation = other.matches() ? new Notation(other.group(1), other.group(2)) : new Notation("a", line);
        Step step = notation.step();
        if (notation.at < notation.words.size()) {
            throw new IllegalArgumentException("too many words");
        }
        return step;
    }

    private Step step() {
        String command = words.getFirst().text();
        return switch (command) {
            case "wait" -> await();
            case "Authenticate" -> new Step.Authenticate(client, next().text());
            case "Login" -> new Step.Login(client, pairs());
            case "Cancel" -> new Step.Cancel(client);
            case "Start" -> send(startup(version(next().text()), pairs()));
            case "Bytes" -> send(bytes());
            default -> send(message(command));
        };
    }

    private Step.Send send(byte[] bytes) {
        return new Step.Send(client, line.replace("\n", " "), bytes);
    }

    private Step await() {
        String what = next().text();
        if (what.equals("end")) {
            return new Step.AwaitEnd(client);
        }
        return new Step.Await(client, what.charAt(0), more() ? number() : 1);
    }

    private byte[] message(String command) {
        return switch (command) {
            case "Query" -> framed('Q', string());
            case "Parse" -> framed('P', name(), string(), types());
            case "Bind" -> framed('B', bind());
            case "Describe" -> framed('D', bytes(), name());
            case "Close" -> framed('C', bytes(), name());
            case "Execute" -> framed('E', name(), int32(more() ? number() : 0));
            case "Sync" -> framed('S');
            case "Flush" -> framed('H');
            case "Terminate" -> framed('X');
            case "CopyData" -> framed('d', bytes());
            case "CopyDone" -> framed('c');
            case "CopyFail" -> framed('f', string());
            case "FunctionCall" -> framed('F', functionCall());
            case "Message" -> framed(next().text().charAt(0), bytes());
            default -> throw new IllegalArgumentException("unknown step " + command);
        };
    }

    private boolean more() {
        return at < words.size();
    }

    private Word next() {
        return words.get(at++);
    }

    private int number() {
        return Integer.parseInt(next().text());
    }

    private byte[] bytes() {
        return Text.bytes(next().text());
    }

    private byte[] string() {
        return joined(bytes(), new byte[1]);
    }

    private byte[] name() {
        Word word = next();
        return word.is("-") ? new byte[1] : joined(Text.bytes(word.text()), new byte[1]);
    }

    private byte[] types() {
        List<Integer> types = new ArrayList<>();
        while (more()) {
            String type = next().text();
            types.add(
                    Character.isDigit(type.charAt(0))
                            ? Integer.parseInt(type)
                            : Objects.requireNonNull(TYPES.get(type)));
        }
        ByteBuffer out = ByteBuffer.allocate(2 + 4 * types.size()).putShort((short) types.size());
        types.forEach(out::putInt);
        return out.array();
    }

    private byte[] bind() {
        byte[] portal = name();
        byte[] statement = name();
        Values values = values();
        return joined(portal, statement, values.formats(), values.values(), formats("results="));
    }

    private byte[] functionCall() {
        byte[] oid = int32(number());
        Values values = values();
        byte[] result = formats("result=");
        return joined(oid, values.formats(), values.values(), Arrays.copyOfRange(result, 2, 4));
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Values(byte[] values, byte[] formats) {}

    private Values values() {
        ByteArrayOutputStream values = new ByteArrayOutputStream();
        int count = 0;
        while (more() && (words.get(at).quoted() || !words.get(at).text().matches("(params|results?)=.*"))) {
            values.writeBytes(value(next()));
            count++;
        }
        return new Values(joined(int16(count), values.toByteArray()), formats("params="));
    }

    private static byte[] value(Word word) {
        if (word.is("null")) {
            return int32(-1);
        }
        boolean binary = !word.quoted() && word.text().startsWith("bin:");
        byte[] value = binary ? HexFormat.of().parseHex(word.text().substring(4)) : Text.bytes(word.text());
        return joined(int32(value.length), value);
    }

    private byte[] formats(String prefix) {
        if (!more() || !words.get(at).text().startsWith(prefix)) {
            return int16(0);
        }
        String[] formats = next().text().substring(prefix.length()).split(",", -1);
        byte[] out = int16(formats.length);
        for (String format : formats) {
            out = joined(out, int16(Integer.parseInt(format)));
        }
        return out;
    }

    private Map<String, String> pairs() {
        Map<String, String> pairs = new LinkedHashMap<>();
        while (more()) {
            String[] pair = new String(bytes(), StandardCharsets.UTF_8).split("=", 2);
            pairs.put(pair[0], pair[1]);
        }
        return pairs;
    }

    private static int version(String text) {
        String[] parts = text.split("\\.", 2);
        return Integer.parseInt(parts[0]) << 16 | Integer.parseInt(parts[1]);
    }

    /** A whole startup packet. */
    static byte[] startup(int version, Map<String, String> parameters) {
        byte[] body = int32(version);
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            body = joined(body, Body.zeroTerminated(parameter.getKey()), Body.zeroTerminated(parameter.getValue()));
        }
        return joined(int32(body.length + 5), body, new byte[1]);
    }

    static byte[] framed(char type, byte[]... parts) {
        byte[] body = joined(parts);
        return joined(String.valueOf(type).getBytes(StandardCharsets.ISO_8859_1), int32(body.length + 4), body);
    }

    private static byte[] int16(int value) {
        return ByteBuffer.allocate(2).putShort((short) value).array();
    }

    static byte[] int32(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
