package dev.pando.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.base.error.PandoException;
import dev.pando.core.config.LiveConfig;
import dev.pando.core.config.PandoConfig;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unix sockets towards clients and towards servers, as libpq uses them. */
class UnixSocketTest {
    @TempDir
    Path folder;

    private static String settings(Object dir) {
        return "[listen]\nport = 0\nunix_socket_dir = \"" + dir + "\"\nunix_socket_mode = \"0700\"\n";
    }

    @Test
    void psqlFindsTheSocketByItsFolder() throws Exception {
        Path file;
        try (Running pando = Running.before(1, settings(folder))) {
            file = folder.resolve(".s.PGSQL." + pando.port());
            assertThat(psql(folder.toString(), pando.port(), "SELECT 40 + 2")).contains("42");
            assertThat(psql(folder.toString(), pando.port(), "SELECT 1", "sslmode=prefer"))
                    .contains("1");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rwx------");
            assertThat(Files.readAllLines(folder.resolve(file.getFileName() + ".lock")))
                    .startsWith(Long.toString(ProcessHandle.current().pid()));
        }
        assertThat(folder).as("nothing is left").isEmptyDirectory();
    }

    @Test
    void anAbstractSocketHasNoFile() throws Exception {
        String name = "@pando-test-" + ProcessHandle.current().pid();
        try (Running pando = Running.before(1, settings(name))) {
            assertThat(psql(name, pando.port(), "SELECT 40 + 2")).contains("42");
        }
    }

    @Test
    void aSocketThatWasLeftBehindIsReplacedAndOneInUseIsNot() throws Exception {
        try (Running pando = Running.before(1, settings(folder))) {
            Path file = folder.resolve(".s.PGSQL." + pando.port());
            assertThatThrownBy(() -> UnixSocket.listen(folder.toString(), pando.port(), "0777", null))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("somebody listens on " + file);
            assertThat(psql(folder.toString(), pando.port(), "SELECT 40 + 2")).contains("42");
        }
        Path stale = folder.resolve(".s.PGSQL.7");
        Files.createFile(stale);
        Files.writeString(folder.resolve(".s.PGSQL.7.lock"), "1\n");
        int descriptor = UnixSocket.listen(folder.toString(), 7, "0777", null);
        assertThat(UnixSocket.answers(stale)).isTrue();
        new Inherited(descriptor).close();
        UnixSocket.remove(folder.toString(), 7);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whereNoSocketCanBeIsSaid() {
        assertThatThrownBy(() -> Running.before(1, settings(folder.resolve("missing"))))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("there is no folder " + folder.resolve("missing"));
        String deep = "/tmp/" + "a".repeat(100);
        assertThatThrownBy(() -> Running.before(1, settings(deep)))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("at most 107 bytes")
                .hasMessageContaining(deep);
    }

    @Test
    void theSocketOfTheNextProcessIsNotRemoved() throws Exception {
        int descriptor = UnixSocket.listen(folder.toString(), 8, "0777", null);
        Files.writeString(folder.resolve(".s.PGSQL.8.lock"), "1\n");
        UnixSocket.remove(folder.toString(), 8);
        assertThat(folder.resolve(".s.PGSQL.8")).exists();
        new Inherited(descriptor).close();
    }

    @Test
    void usersHaveNames() {
        assertThat(PeerUser.name(0)).isEqualTo("root");
        assertThat(PeerUser.name(-2_000_000)).isNull();
    }

    @Test
    void whoHasTheNameOfTheSystemsUserNeedsNoPassword() throws Exception {
        String user = System.getProperty("user.name");
        Path rules = Files.writeString(folder.resolve("hba.conf"), "local all all peer map=m\n");
        Path names = Files.writeString(folder.resolve("ident.conf"), "m \"" + user + "\" app\n");
        String auth = "[auth]\nhba_file = \"" + rules + "\"\nident_file = \"" + names + "\"\n";
        try (Running pando = Running.before(1, settings(folder) + auth)) {
            assertThat(psql(folder.toString(), pando.port(), "SELECT current_user"))
                    .isEqualTo("app\n");
            assertThat(psql(folder.toString(), pando.port(), "SELECT current_user", "user=other"))
                    .contains("Peer authentication failed");
        }
    }

    @Test
    void aSocketIsGivenBackWithItsLock() throws Exception {
        int descriptor = UnixSocket.listen(folder.toString(), 9, "0777", null);
        Path lock = Files.writeString(folder.resolve(".s.PGSQL.9.lock"), "1\n");
        byte[] before = Objects.requireNonNull(UnixSocket.inherit(folder.toString(), 9));
        assertThat(lock).content().startsWith(ProcessHandle.current().pid() + "\n");
        UnixSocket.giveBack(folder.toString(), 9, before);
        assertThat(lock).content().isEqualTo("1\n");
        new Inherited(descriptor).close();
    }

    @Test
    void whoGivesUpTakingOverGivesTheLockBack() throws Exception {
        Path takeover = folder.resolve("takeover");
        String settings = settings(folder) + "[restart]\nsocket = \"" + takeover + "\"\n";
        try (Running before = Running.before(1, settings);
                Predecessor predecessor = Objects.requireNonNull(Predecessor.at(takeover))) {
            PandoConfig same = Running.config(
                    List.of(Running.servers(1).getFirst().port()),
                    settings.replace("port = 0", "port = " + before.port()));
            Path lock = folder.resolve(".s.PGSQL." + before.port() + ".lock");
            byte[] own = Files.readAllBytes(lock);
            Files.writeString(lock, "1\n");
            Transport transport = new Transport(1, LiveConfig.of(same));
            Listeners next =
                    Listeners.open(transport, same.listen(), new ChannelInboundHandlerAdapter(), predecessor.sockets());
            assertThat(lock).hasBinaryContent(own);
            next.close();
            transport.close();
            assertThat(lock).content().isEqualTo("1\n");
            assertThat(psql(folder.toString(), before.port(), "SELECT 40 + 2")).contains("42");
            Files.write(lock, own);
        }
    }

    /** The server is another Pando, since those of the tests have no unix socket. */
    @Test
    void aServerCanBeReachedOverItsUnixSocket() throws Exception {
        String plain =
                "[[databases]]\nname = \"app\"\nservers = [\"" + folder + ":%d\"]\n[shard_tls]\nmode = \"require\"\n";
        try (Running behind = Running.before(1, settings(folder));
                Running pando = Running.at(List.of(), "[listen]\nport = 0\n" + plain.formatted(behind.port()))) {
            assertThat(psql("127.0.0.1", pando.port(), "SELECT 40 + 2")).contains("42");
        }
    }

    @Test
    void severalAddressesHaveTheSamePort() throws Exception {
        try (Running pando = Running.before(1, "[listen]\nport = 0\nhost = \"127.0.0.1, 127.0.0.2\"\n")) {
            assertThat(psql("127.0.0.1", pando.port(), "SELECT 40 + 2")).contains("42");
            assertThat(psql("127.0.0.2", pando.port(), "SELECT 40 + 2")).contains("42");
        }
    }

    private static String psql(String host, int port, String sql, String... options)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                "host=" + host, "port=" + port, "user=app", "password=app", "dbname=app", "connect_timeout=10"));
        words.addAll(List.of(options));
        Process process = new ProcessBuilder("psql", "-X", "-At", String.join(" ", words), "-c", sql)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
