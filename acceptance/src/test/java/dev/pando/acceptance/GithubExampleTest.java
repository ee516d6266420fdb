package dev.pando.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of docs/lint.md's workflow, run as GitHub runs it: in a clone of a repository with a branch that is to be merged. */
class GithubExampleTest {
    private static final Pattern SCRIPT =
            Pattern.compile("(?m)^      - id: lint\n +shell: bash \\{0}\n +run: \\|\n((?: {10}.*\n)+)");

    @TempDir
    Path folder;

    private Path clone;

    @BeforeEach
    void pullRequest() throws Exception {
        Path origin = Files.createDirectory(folder.resolve("origin"));
        run(origin, "git init -q -b main .");
        migration(origin, "V1__orders.sql", "CREATE TABLE orders (id bigint PRIMARY KEY, amount int);\n");
        run(origin, "git checkout -q -b change");
        clone = folder.resolve("clone");
    }

    private void migration(Path repository, String name, String sql) throws Exception {
        Files.writeString(Files.createDirectories(repository.resolve("db")).resolve(name), sql);
        run(repository, "git add . && git -c user.name=a -c user.email=a@b commit -q -m m");
    }

    /** What the workflow's steps leave before the one that lints. */
    private int lint() throws Exception {
        run(folder, "git clone -q -b change origin clone");
        Path pando = PackagedPando.in(clone.resolve(".pando"));
        // An empty one says that it cannot be made: nothing runs on when the folder is deleted.
        Files.createFile(pando.resolve("cli/target").resolve(LauncherTest.CACHE));
        Matcher script = SCRIPT.matcher(Files.readString(Path.of("../docs/lint.md")));
        assertThat(script.find()).isTrue();
        Path file = folder.resolve("script");
        Files.writeString(
                file, script.group(1).replace("${{ github.base_ref }}", "main").indent(-10));
        return started(clone, List.of("bash", file.toString()));
    }

    private int started(Path where, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile());
        builder.environment().put("PANDO_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("GITHUB_OUTPUT", folder.resolve("outputs").toString());
        return builder.start().waitFor();
    }

    private void run(Path where, String command) throws IOException, InterruptedException {
        assertThat(started(where, List.of("sh", "-c", command))).as(command).isZero();
    }

    private String text(String file) throws IOException {
        Path path = folder.resolve(file);
        return Files.exists(path) ? Files.readString(path, StandardCharsets.UTF_8) : "";
    }

    @Test
    void findingsFailTheStepAndAreUploaded() throws Exception {
        migration(folder.resolve("origin"), "V2__index.sql", "CREATE INDEX orders_amount ON orders (amount);\n");

        assertThat(lint()).as(text("said")).isEqualTo(1);
        assertThat(text("outputs")).isEqualTo("judged=yes\n");
        assertThat(text("clone/pando.sarif"))
                .contains("\"uri\" : \"db/V2__index.sql\"", "\"ruleId\" : \"index-not-concurrently\"")
                .doesNotContain("V1__orders.sql");
    }

    @Test
    void nothingToSayIsUploadedToo() throws Exception {
        migration(
                folder.resolve("origin"),
                "V2__note.sql",
                "SET lock_timeout = '2s';\nALTER TABLE orders ADD note text;\n");

        assertThat(lint()).as(text("said")).isZero();
        assertThat(text("outputs")).isEqualTo("judged=yes\n");
        assertThat(text("clone/pando.sarif")).contains("\"results\" : [ ]");
    }

    @Test
    void aFailureOfLintUploadsNothing() throws Exception {
        run(folder.resolve("origin"), "git branch -m main trunk");

        assertThat(lint()).as(text("said")).isEqualTo(2);
        assertThat(text("outputs")).isEmpty();
    }
}
