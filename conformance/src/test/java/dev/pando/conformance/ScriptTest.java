package dev.pando.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The comparison itself: what it reads, what it shows, and that it sees a difference of one byte. */
class ScriptTest {
    @Test
    void linesBecomeMessages() {
        assertThat(hex("Sync")).isEqualTo("5300000004");
        assertThat(hex("Query \"a\\n\"")).isEqualTo("5100000007610a00");
        assertThat(hex("Parse s1 \"x\" int4")).isEqualTo("500000000f73310078000001" + "00000017");
        assertThat(hex("Bind - s1 5 null bin:00ff params=0,1,1 results=1"))
                .isEqualTo("4200000025" + "00733100" + "0003000000010001" + "0003" + "0000000135" + "ffffffff"
                        + "0000000200ff" + "00010001");
        assertThat(hex("Start 3.2 user=app")).isEqualTo("0000001200030002" + "7573657200617070" + "0000");
    }

    @Test
    void wrongLinesAreNamed() {
        for (String wrong : List.of("Sink", "Sync now", "Query", "Parse s1 \"x\" nosuchtype")) {
            assertThatThrownBy(() -> Script.parse("topic", "== case\n" + wrong + "\n"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(wrong);
        }
        assertThatThrownBy(() -> Script.parse("topic", "== a\nSync\n== a\nSync\n"))
                .hasMessageContaining("given twice");
    }

    @Test
    void bytesThatDifferLookDifferent() {
        byte[] binary = {0, 1, '\n', '\\', 'x', (byte) 0xff};

        assertThat(Text.shown(binary)).isEqualTo("\\x00\\x01\\n\\\\x\\xff");
        assertThat(Text.bytes(Text.shown(binary))).isEqualTo(binary);
    }

    @Test
    void aDifferenceOfOneByteIsSeen() {
        Transcript left = new Transcript(List.of(ready('I'), ready('T'), ready('I')));
        Transcript right = new Transcript(List.of(ready('I'), ready('E'), ready('I')));

        assertThat(left.difference(left)).isEmpty();
        assertThat(left.difference(right)).containsExactly("- ReadyForQuery T", "+ ReadyForQuery E");
    }

    private static Transcript.Entry ready(char status) {
        Message message = new Message('Z', new byte[] {(byte) status});
        return new Transcript.Entry(Rendering.line(message), message);
    }

    @Test
    void placesAreLeftOutButNotTheRoutineThatDriversKnow() {
        String fields = "SERROR\0C42601\0MF is no place\0P8\0Fscan.l\0L1188\0Rscanner_yyerror\0\0";
        String revalidated = "SERROR\0MR\0Fplancache.c\0L1\0RRevalidateCachedQuery\0\0";

        assertThat(normal('E', fields)).isEqualTo("SERROR\0C42601\0MF is no place\0P8\0\0");
        assertThat(normal('E', revalidated)).isEqualTo("SERROR\0MR\0RRevalidateCachedQuery\0\0");
        assertThat(normal('D', fields)).isEqualTo(fields);
    }

    private static String normal(char type, String body) {
        Message message = new Message(type, body.getBytes(StandardCharsets.UTF_8));
        byte[] normal = Normalisation.all(List.of(message), new Normalisation.Numbers())
                .getFirst()
                .body();
        return new String(normal, StandardCharsets.UTF_8);
    }

    private static String hex(String line) {
        return HexFormat.of().formatHex(((Step.Send) Notation.step(line)).bytes());
    }

    @Test
    void everyDifferenceOfASuiteHasItsReason() throws IOException {
        assertThat(SuiteList.all())
                .hasSize(6)
                .allSatisfy(list -> assertThat(list.reasons().values()).noneMatch(String::isBlank));
    }

    /** After a change of scripts, normalisations, differences or lists of suites: run with {@code -Ddocs.rewrite=true} and review the difference. */
    @Test
    void thePageIsThatOfTheseScripts() throws IOException {
        String text = ConformancePage.text(
                Script.all(), Difference.parse(Files.readString(Script.resource("differences.txt"))), SuiteList.all());
        Path page = Path.of("..", "docs", "conformance.md");
        if (Boolean.getBoolean("docs.rewrite")) {
            Files.writeString(page, text);
        }

        assertThat(page).exists();
        assertThat(Files.readString(page)).isEqualTo(text);
    }
}
