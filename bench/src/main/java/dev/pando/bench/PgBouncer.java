package dev.pando.bench;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** PgBouncer as it is installed on this machine, in transaction mode, with its defaults for everything that is not a size. */
record PgBouncer(Path program, int major, int minor) {
    private static final Pattern VERSION = Pattern.compile("PgBouncer (\\d+)\\.(\\d+)");

    /** The program on the path, or where Debian puts it, which is not on everybody's path. */
    static Optional<PgBouncer> installed(String path) throws IOException, InterruptedException {
        List<String> folders = new ArrayList<>(Arrays.asList(path.split(File.pathSeparator, -1)));
        folders.add("/usr/sbin");
        Optional<Path> found = folders.stream()
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
        return found.isEmpty() ? Optional.empty() : version(found.get());
    }

    private static Optional<PgBouncer> version(Path program) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(program.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        Matcher matcher = VERSION.matcher(said);
        return matcher.find()
                ? Optional.of(
                        new PgBouncer(program, Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    /** Before 1.21 it did not know named prepared statements in transaction mode. */
    boolean preparesInTransactions() {
        return major > 1 || minor >= 21;
    }

    String version() {
        return major + "." + minor;
    }

    /**
     * What a report says of it.
     *
     * @param program null where it is not installed
     * @param prepared whether there are requests by named prepared statements
     */
    static String note(@Nullable PgBouncer program, boolean prepared) {
        if (program == null) {
            return "PgBouncer is not installed here, so there is nothing of it, and no ratio to it";
        }
        return "PgBouncer " + program.version()
                + (prepared && !program.preparesInTransactions()
                        ? ": prepared is left out, which it knows in transaction mode from 1.21 on"
                        : "");
    }

    /** @param folder a folder of its own, which other users may enter when it is to run as one of them */
    ProxyProcess start(Path folder, PostgresUrl server, int port, ProxySizes sizes) {
        try {
            Path users = write(folder.resolve("userlist.txt"), quoted(server.user()) + " " + quoted(server.password()));
            Path ini = write(folder.resolve("pgbouncer.ini"), ini(server, port, sizes, users));
            List<String> command = new ArrayList<>(List.of(program.toString()));
            if ("root".equals(System.getProperty("user.name"))) {
                command.addAll(List.of("-u", "nobody"));
            }
            command.add(ini.toString());
            return ProxyProcess.start("pgbouncer", folder.resolve("log"), command);
        } catch (IOException e) {
            throw PandoException.causedBy(e, PandoError.BENCH_PROXY, "pgbouncer", Lines.first(e));
        }
    }

    private String ini(PostgresUrl server, int port, ProxySizes sizes, Path users) {
        List<String> lines = new ArrayList<>(List.of(
                "[databases]",
                server.database() + " = host=" + server.host() + " port=" + server.port(),
                "[pgbouncer]",
                "listen_addr = 127.0.0.1",
                "listen_port = " + port,
                "unix_socket_dir =",
                // Its default. Its SCRAM hashes a listed password anew for each login, so that 10,000 clients take
                // minutes to get in.
                "auth_type = md5",
                "auth_file = " + users,
                "pool_mode = transaction",
                "default_pool_size = " + sizes.connections(),
                "max_client_conn = " + sizes.clients(),
                "ignore_startup_parameters = extra_float_digits"));
        if (preparesInTransactions()) {
            lines.add("max_prepared_statements = 200");
        }
        return String.join("\n", lines) + "\n";
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    private static Path write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        boolean root = "root".equals(System.getProperty("user.name"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(root ? "rw-r--r--" : "rw-------"));
        return file;
    }
}
