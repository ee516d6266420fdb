package dev.pando.lint.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {
    @TempDir
    Path folder;

    private void write(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), text);
    }

    private static List<String> names(List<Source> sources) {
        return sources.stream().map(source -> Format.fileName(source.name())).toList();
    }

    @Test
    void aFolderIsReadInTheOrderItRuns() throws IOException {
        for (String name : List.of("V10__c.sql", "R__z.sql", "V2__b.sql", "V1.1__a.sql", "U2__b.sql", "x.txt")) {
            write(name, "SELECT 1");
        }

        assertThat(names(Sources.of(folder))).containsExactly("V1.1__a.sql", "V2__b.sql", "V10__c.sql", "R__z.sql");
        assertThat(names(Sources.before(folder.resolve("V10__c.sql")))).containsExactly("V1.1__a.sql", "V2__b.sql");
    }

    @Test
    void migrationsInFoldersOfTheirOwnFollowOneAnother() throws IOException {
        for (String name : List.of("20240101000000_a", "20240202000000_b", "20240303000000_c")) {
            write("prisma/migrations/" + name + "/migration.sql", "SELECT 1");
        }
        write("prisma/other.sql", "SELECT 1");
        Path last = folder.resolve("prisma/migrations/20240202000000_b/migration.sql");

        assertThat(Sources.before(last).stream().map(Source::name))
                .containsExactly(folder.resolve("prisma/migrations/20240101000000_a/migration.sql")
                        .toString());
    }

    @Test
    void linksDoNotLeadOutOfAFolder() throws IOException, InterruptedException {
        Path outside = Files.writeString(
                Files.createDirectory(folder.resolve("outside")).resolve("secret"), "SELECT 'secret'");
        write("in/1.sql", "SELECT 1");
        Path inside = folder.resolve("in");
        Files.createSymbolicLink(inside.resolve("2.sql"), Path.of("1.sql"));
        assertThat(Sources.of(inside)).hasSize(2);

        Files.createSymbolicLink(inside.resolve("1.sql.conf"), outside);
        assertThat(Sources.of(inside).getFirst().settings()).isEmpty();

        Files.createSymbolicLink(inside.resolve("3.sql"), outside);
        assertThatThrownBy(() -> Sources.of(inside))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("3.sql")
                .hasMessageContaining("a link that leads out of");
        assertThat(Sources.of(inside.resolve("3.sql"))).hasSize(1); // it is named
    }

    @Test
    void whatIsNoTextIsRefused() throws IOException {
        Files.write(folder.resolve("a.sql"), new byte[] {(byte) 0xff, 'a'});

        assertThatThrownBy(() -> Sources.of(folder.resolve("a.sql")))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> Sources.of(folder.resolve("missing.sql"))).isInstanceOf(PandoException.class);
        assertThat(Sources.standardInput(new ByteArrayInputStream(new byte[0])).text())
                .isEmpty();
    }

    @Test
    void aRangeOfGitIsReadAsItIsAtItsEnd() throws IOException, InterruptedException {
        git("init", "-q", "-b", "main");
        write("db/1.sql", "SELECT 1");
        write("db/2.sql", "SELECT 2");
        commit();
        git("checkout", "-q", "-b", "change");
        write("db/2.sql", "SELECT 22");
        write("db/10.sql", "SELECT 10");
        write("db/3.sql", "SELECT 3");
        write("db/readme.md", "text");
        Files.delete(folder.resolve("db/1.sql"));
        commit();
        write("db/3.sql", "SELECT 'not committed'");

        assertThat(Sources.ofGit(folder, "main..HEAD"))
                .containsExactly(
                        new Source("db/2.sql", "SELECT 22"),
                        new Source("db/3.sql", "SELECT 3"),
                        new Source("db/10.sql", "SELECT 10"));
        assertThat(Sources.ofGit(folder, "HEAD")).containsExactly(new Source("db/3.sql", "SELECT 'not committed'"));
        assertThatThrownBy(() -> Sources.ofGit(folder, "nowhere..HEAD")).hasMessageContaining("nowhere");
    }

    @Test
    void ofAChangelogOnlyWhatIsAddedIsNew() throws IOException, InterruptedException {
        String first = "--liquibase formatted sql\n\n--changeset a:1\nCREATE TABLE inv (a int);\n";
        String second = "--changeset a:2 runOnChange:true\nCREATE VIEW v AS SELECT 1;\n";
        git("init", "-q", "-b", "main");
        write("db/log.sql", first + second.stripTrailing());
        write("db/R__view.sql", "CREATE OR REPLACE VIEW w AS SELECT 1");
        write("db/V1__a.sql", "SELECT 1");
        commit();
        git("checkout", "-q", "-b", "change");
        String third = "-- about the next one\n--changeset a:3\nCREATE INDEX ON inv (a);\n";
        String again = second.replace("SELECT 1", "SELECT 2");
        write("db/log.sql", first + again + third);
        write("db/R__view.sql", "CREATE OR REPLACE VIEW w AS SELECT 2");
        write("db/V1__a.sql", "SELECT 2");
        commit();

        List<Source> changed = Sources.ofGit(folder, "main..HEAD");
        assertThat(changed).extracting(Source::name).containsExactly("db/V1__a.sql", "db/log.sql", "db/R__view.sql");
        assertThat(changed.get(1).text())
                .isEqualTo("--liquibase formatted sql\n\n" + " ".repeat(15) + "\n" + " ".repeat(25) + "\n" + again
                        + third);
        assertThat(Sources.beforeGit(folder, "main..HEAD", changed))
                .containsExactly(
                        new Source("db/log.sql", first + second.stripTrailing()),
                        new Source("db/R__view.sql", "CREATE OR REPLACE VIEW w AS SELECT 1"));
    }

    private void commit() throws IOException, InterruptedException {
        git("add", "-A");
        git("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "x");
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("git", "-C", folder.toString(), "-c", "core.hooksPath=/dev/null"));
        command.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
