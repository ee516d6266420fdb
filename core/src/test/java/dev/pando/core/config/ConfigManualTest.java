package dev.pando.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.error.PandoError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigManualTest {
    @TempDir
    Path folder;

    @Test
    void theManualIsThatOfTheseKeys() throws IOException {
        assertCurrent("config.md", ConfigManual.text());
    }

    @Test
    void theSchemaIsThatOfTheseKeys() throws IOException {
        assertCurrent("pando.schema.json", ConfigSchema.text());
    }

    /** After a change of the keys: run with {@code -Ddocs.rewrite=true} and review the difference. */
    private static void assertCurrent(String name, String text) throws IOException {
        Path page = Path.of("..", "docs", name);
        if (Boolean.getBoolean("docs.rewrite")) {
            Files.writeString(page, text);
        }
        assertThat(page).exists();
        assertThat(Files.readString(page)).isEqualTo(text);
    }

    @Test
    void everyKeyIsExplainedAndHasAnExample() {
        for (ConfigKey key : ConfigKey.values()) {
            assertThat(KeyTexts.of(key)).as(key.fullName()).matches("[A-Z`].*\\.");
            assertThat(ConfigManual.example(key.section()))
                    .as("example of " + key.fullName())
                    .containsPattern("(?m)^(# )?" + key.title() + " = ");
        }
    }

    @Test
    void theExamplesTogetherAreAFileThatLoads() throws IOException {
        String file = Arrays.stream(Section.values()).map(ConfigManual::example).collect(Collectors.joining("\n"));
        Files.writeString(folder.resolve("report.password"), "secret");
        Files.writeString(folder.resolve("pando_hba.conf"), "hostssl all all all cert map=people");
        Files.writeString(folder.resolve("pando_ident.conf"), "people anna app");
        Files.writeString(folder.resolve("userlist.txt"), "\"web\" \"secret\"");
        for (String pem : List.of("pando.crt", "pando.key", "clients-ca.crt", "servers-ca.crt")) {
            Files.writeString(folder.resolve(pem), "-----BEGIN CERTIFICATE-----");
        }

        ConfigOutcome outcome = ConfigLoader.check(
                file,
                "examples",
                Purpose.SERVE,
                SecretSource.of(folder, Map.of("PANDO_BATCH_PASSWORD", "secret", "PANDO_CONTROL_PASSWORD", "secret")));

        assertThat(outcome).isInstanceOf(ConfigOutcome.Valid.class);
    }

    /** A typing error in any key gets a hint at that key, so no key is too short or too much like another. */
    @Test
    void everyKeyIsFoundBehindASlip() {
        for (ConfigKey key : ConfigKey.values()) {
            String slip = key.title() + "x";
            assertThat(NearMiss.hintForKey(slip, key.section()))
                    .as(slip)
                    .isEqualTo("; did you mean \"" + key.title() + "\"?");
        }
    }

    @Test
    void settingsThatErrorsNameExist() {
        List<String> keys =
                Arrays.stream(ConfigKey.values()).map(ConfigKey::fullName).toList();
        Pattern named = Pattern.compile("\\b(" + String.join("|", Section.titles()) + ")\\.[a-z_]+\\b");
        List<String> found = Arrays.stream(PandoError.values())
                .flatMap(error -> named.matcher(error.remedy()).results())
                .map(MatchResult::group)
                .toList();

        assertThat(found).contains("pool.size", "limits.merge_memory").isSubsetOf(keys);
    }
}
