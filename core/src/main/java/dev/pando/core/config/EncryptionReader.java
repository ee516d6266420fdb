package dev.pando.core.config;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import org.jspecify.annotations.Nullable;

/** The sections about TLS, and the files they name. */
final class EncryptionReader {
    private final Problems problems;
    private final SecretSource files;

    EncryptionReader(Problems problems, SecretSource files) {
        this.problems = problems;
        this.files = files;
    }

    PandoConfig.Encryption read(Values clients, Values servers) {
        return new PandoConfig.Encryption(clients(clients), servers(servers));
    }

    private PandoConfig.ClientTls clients(Values values) {
        ClientTlsMode mode = ClientTlsMode.of(values.text(ConfigKey.TLS_MODE));
        boolean on = mode != ClientTlsMode.OFF;
        return new PandoConfig.ClientTls(
                mode,
                pem(values, ConfigKey.TLS_CERT_FILE, on, mode.word()),
                pem(values, ConfigKey.TLS_KEY_FILE, on, mode.word()),
                pem(values, ConfigKey.TLS_CLIENT_CA_FILE, mode == ClientTlsMode.VERIFY, mode.word()),
                suite(values, ConfigKey.TLS_MIN_VERSION, ConfigKey.TLS_CIPHERS));
    }

    private PandoConfig.ServerTls servers(Values values) {
        SslMode mode = SslMode.of(values.text(ConfigKey.SHARD_TLS_MODE));
        if (values.given(ConfigKey.SHARD_TLS_CERT_FILE) != values.given(ConfigKey.SHARD_TLS_KEY_FILE)) {
            problems.add(
                    values.position(ConfigKey.SHARD_TLS_CERT_FILE),
                    values.name(ConfigKey.SHARD_TLS_CERT_FILE),
                    "and key_file belong together: give both or none");
        }
        return new PandoConfig.ServerTls(
                mode,
                pem(values, ConfigKey.SHARD_TLS_CA_FILE, mode.verifies(), mode.word()),
                pem(values, ConfigKey.SHARD_TLS_CERT_FILE, false, mode.word()),
                pem(values, ConfigKey.SHARD_TLS_KEY_FILE, false, mode.word()),
                suite(values, ConfigKey.SHARD_TLS_MIN_VERSION, ConfigKey.SHARD_TLS_CIPHERS));
    }

    private static PandoConfig.Suite suite(Values values, ConfigKey version, ConfigKey ciphers) {
        return new PandoConfig.Suite(values.text(version), values.has(ciphers) ? values.text(ciphers) : null);
    }

    private PandoConfig.@Nullable Pem pem(Values values, ConfigKey key, boolean needed, String mode) {
        if (!values.has(key)) {
            if (needed && !values.given(key)) {
                problems.add(values.position(key), values.name(key), "is missing; mode \"" + mode + "\" needs it");
            }
            return null;
        }
        String file = values.text(key);
        try {
            String text = files.file(file);
            if (text.contains("-----BEGIN ")) {
                return new PandoConfig.Pem(file, new Secret(text));
            }
            problems.add(values.position(key), values.name(key), "file " + file + " is not PEM");
        } catch (IOException | InvalidPathException e) {
            problems.add(values.position(key), values.name(key), "file " + file + " cannot be read: " + e);
        }
        return null;
    }
}
