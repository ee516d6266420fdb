package dev.pando.lab.oracle;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.lab.Major;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The statements whose observations are kept for each major. A topic is a file: blocks that begin with a line {@code --: name} of one statement
 * each, or with {@code --: setup} or {@code --: setup from 18} of what has to be there before. All topics begin with {@code schema.sql}.
 */
public final class Corpus {
    /** One statement; {@code key} is topic and name, such as {@code columns/set-not-null}. */
    public record Entry(String key, String sql) {
        public String topic() {
            return key.substring(0, key.indexOf('/'));
        }
    }

    record Topic(String name, List<Setup> setups, List<Entry> entries) {
        /** What {@code major} can have of the setup. */
        List<String> setup(Major major) {
            return setups.stream()
                    .filter(setup -> setup.from() <= major.number())
                    .map(Setup::sql)
                    .toList();
        }
    }

    record Setup(int from, String sql) {}

    static final List<String> TOPICS = List.of(
            "code",
            "column-types",
            "columns",
            "constraints",
            "indexes",
            "maintenance",
            "objects",
            "others",
            "partitions",
            "rows",
            "tables",
            "types");

    private static final String MARK = "--: ";

    private Corpus() {}

    /** All statements, by topic and in the order of their files. */
    public static List<Entry> entries() {
        return topics().stream().flatMap(topic -> topic.entries().stream()).toList();
    }

    /** SQL of the schema that all topics begin with. */
    public static String schema() {
        return resource("corpus/schema.sql");
    }

    static List<Topic> topics() {
        return TOPICS.stream().map(Corpus::topic).toList();
    }

    /** The scripts that make what the statements of a topic need, besides {@link #schema}. */
    public static List<String> setup(String topic, Major major) {
        return topic(topic).setup(major);
    }

    static Topic topic(String name) {
        return parse(name, resource("corpus/" + name + ".sql"));
    }

    static Topic parse(String name, String text) {
        List<Setup> setups = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        for (String block : ("\n" + text).split("\n" + MARK, -1)) {
            if (block.isBlank()) {
                continue;
            }
            int line = block.indexOf('\n');
            String title = block.substring(0, line).strip();
            String sql = block.substring(line + 1).strip();
            if (title.equals("setup")) {
                setups.add(new Setup(0, sql));
            } else if (title.startsWith("setup from ")) {
                setups.add(new Setup(Integer.parseInt(title.substring("setup from ".length())), sql));
            } else {
                entries.add(new Entry(name + "/" + title, sql));
            }
        }
        return new Topic(name, List.copyOf(setups), List.copyOf(entries));
    }

    static String resource(String name) {
        try (InputStream in = Corpus.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new PandoException(PandoError.BUG, name + " is not packaged");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.BUG, name + ": " + e);
        }
    }
}
