package dev.pando.conformance;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What may differ between two servers that behave alike, one constant each: nothing else is left out of the comparison. */
enum Normalisation {
    CANCEL_KEYS("Process id and secret in BackendKeyData are zeros; the secret keeps its length.", "They are random.") {
        @Override
        List<Message> of(List<Message> messages, Numbers numbers) {
            return each(messages, 'K', message -> new byte[message.body().length]);
        }
    },
    SCRAM_NONCES(
            "The server's two SCRAM messages keep their code and no data.",
            "Nonces, salts and signatures are made from random numbers; that they fit is proven by the login.") {
        @Override
        List<Message> of(List<Message> messages, Numbers numbers) {
            return each(messages, 'R', message -> {
                int code = message.code();
                return code == 11 || code == 12
                        ? ByteBuffer.allocate(4).putInt(code).array()
                        : message.body();
            });
        }
    },
    PARAMETER_ORDER(
            "ParameterStatus messages that follow each other are sorted by name.",
            "At the login PostgreSQL sends them in the order of its own hash table; the protocol promises none.") {
        @Override
        List<Message> of(List<Message> messages, Numbers numbers) {
            List<Message> sorted = new ArrayList<>(messages);
            int start = 0;
            while (start < sorted.size()) {
                int end = start;
                while (end < sorted.size() && sorted.get(end).type() == 'S') {
                    end++;
                }
                sorted.subList(start, end).sort(Comparator.comparing(Rendering::line));
                start = end + 1;
            }
            return sorted;
        }
    },
    OBJECT_NUMBERS(
            "OIDs from 16384 on in RowDescription and ParameterDescription become 1,000,001, 1,000,002, … by first appearance.",
            "Two servers number the tables and types of users each in its own way.") {
        @Override
        List<Message> of(List<Message> messages, Numbers numbers) {
            return each(each(messages, 'T', message -> columns(message.body(), numbers)), 't', message -> {
                ByteBuffer body = ByteBuffer.wrap(message.body().clone());
                for (int at = 2; at < body.limit(); at += 4) {
                    numbers.replace(body, at);
                }
                return body.array();
            });
        }
    },
    NOTIFIER(
            "The process id in NotificationResponse is zero.",
            "It is that of a server process, which has another number each time.") {
        @Override
        List<Message> of(List<Message> messages, Numbers numbers) {
            return each(
                    messages,
                    'A',
                    message ->
                            ByteBuffer.wrap(message.body().clone()).putInt(0, 0).array());
        }
    },
    PROCESS_NUMBERS(
            "Process ids after \"process \", transaction ids after \"transaction \" and the number in \"shard-2\" in errors and notices become N.",
            "They are counted by each server, and of several shards any may be asked.") {
        @Override
        List<Message> of(List<Message> messages, Numbers numbers) {
            return each(each(messages, 'E', Normalisation::unnumbered), 'N', Normalisation::unnumbered);
        }
    },
    SOURCE_PLACES(
            "File, line and routine of errors and notices are left out, but for the routine RevalidateCachedQuery.",
            "They name places in PostgreSQL's own source, which change with its versions and which errors that Pando raises do not have;"
                    + " that routine is the one that drivers act on.") {
        @Override
        List<Message> of(List<Message> messages, Numbers numbers) {
            return each(each(messages, 'E', Normalisation::placeless), 'N', Normalisation::placeless);
        }
    };

    /** A field after the zero that ends the one before. */
    private static final Pattern PLACE =
            Pattern.compile("(?<=\0)[FL][^\0]*\0|(?<=\0)R(?!RevalidateCachedQuery\0)[^\0]*\0");

    private static final int FIRST_OF_USERS = 16384;
    private static final int FIRST_REPLACEMENT = 1_000_001;

    private final String what;
    private final String why;

    Normalisation(String what, String why) {
        this.what = what;
        this.why = why;
    }

    String what() {
        return what;
    }

    String why() {
        return why;
    }

    abstract List<Message> of(List<Message> messages, Numbers numbers);

    /** OIDs seen in one exchange. */
    static final class Numbers {
        private final Map<Integer, Integer> replacements = new LinkedHashMap<>();

        private void replace(ByteBuffer body, int at) {
            int oid = body.getInt(at);
            if (oid >= FIRST_OF_USERS) {
                body.putInt(at, replacements.computeIfAbsent(oid, o -> FIRST_REPLACEMENT + replacements.size()));
            }
        }
    }

    /** All of them. */
    static List<Message> all(List<Message> messages, Numbers numbers) {
        List<Message> normal = messages;
        for (Normalisation each : values()) {
            normal = each.of(normal, numbers);
        }
        return normal;
    }

    private interface Change {
        byte[] body(Message message);
    }

    private static List<Message> each(List<Message> messages, char type, Change change) {
        return messages.stream()
                .map(message -> message.type() == type ? new Message(type, change.body(message)) : message)
                .toList();
    }

    private static byte[] columns(byte[] original, Numbers numbers) {
        ByteBuffer bytes = ByteBuffer.wrap(original.clone());
        Body body = new Body(original);
        for (int count = body.int16(); count > 0; count--) {
            body.skipString();
            numbers.replace(bytes, body.position());
            numbers.replace(bytes, body.position() + 6);
            body.take(18);
        }
        return bytes.array();
    }

    private static byte[] unnumbered(Message message) {
        String text = new String(message.body(), StandardCharsets.ISO_8859_1);
        return text.replaceAll("(?i)\\b(process |transaction |shard-)\\d+", "$1N")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] placeless(Message message) {
        String text = new String(message.body(), StandardCharsets.ISO_8859_1);
        return PLACE.matcher(text).replaceAll("").getBytes(StandardCharsets.ISO_8859_1);
    }
}
