package dev.pando.server.auth;

import dev.pando.base.auth.Md5Password;
import dev.pando.base.auth.ScramVerifier;
import dev.pando.base.auth.StoredSecret;
import dev.pando.core.config.PandoConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The users of the configuration with their secrets, immutable. Verifiers are derived here, once, so that a login costs a few hashes and an
 * attacker cannot make us pay for key stretching.
 *
 * <p>Who does not exist gets a secret that looks like one of those that do: which of them depends on the name alone, so asking twice tells
 * nothing, and neither method, salt length nor rounds give away that a name is not in the list.
 */
final class UserDirectory {
    private static final int SALT_BYTES = 16;
    private static final String EVERYBODY = "*";

    private final byte[] salting;
    private final int iterations;
    private final List<PandoConfig.User> users;
    private final List<PandoConfig.User> fileUsers;
    private final boolean everybody;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final List<Entry> models = new ArrayList<>();

    /**
     * What is known of a user.
     *
     * @param verifier of the password, or the one that is stored; null for an MD5 hash
     */
    record Entry(StoredSecret secret, @Nullable ScramVerifier verifier) {}

    /** {@code salting}: random bytes that live as long as the process; salts of passwords are made from it and the name. */
    UserDirectory(PandoConfig config, byte[] salting) {
        this.salting = salting.clone();
        this.users = config.users();
        this.iterations = config.clients().scramIterations();
        this.fileUsers = config.auth().fileUsers();
        this.everybody = users.stream().anyMatch(user -> user.name().equals(EVERYBODY));
        // What stands in the configuration itself goes before the file.
        for (PandoConfig.User user : fileUsers) {
            add(user);
        }
        for (PandoConfig.User user : users) {
            if (!user.name().equals(EVERYBODY)) {
                add(user);
            }
        }
        models.addAll(entries.values());
    }

    private void add(PandoConfig.User user) {
        names.add(user.name());
        String text = user.password().reveal();
        if (!text.isEmpty()) {
            entries.put(user.name(), entry(user.name(), StoredSecret.of(text)));
        }
    }

    /** Whether it would be the same made from this configuration. */
    boolean isOf(PandoConfig config) {
        return users.equals(config.users())
                && fileUsers.equals(config.auth().fileUsers())
                && iterations == config.clients().scramIterations();
    }

    /** Takes milliseconds for a password. */
    Entry entry(String user, StoredSecret secret) {
        return switch (secret) {
            case StoredSecret.Plain plain -> {
                byte[] salt = madeUp(user, SALT_BYTES, iterations).salt();
                yield new Entry(secret, ScramVerifier.derive(plain.password(), salt, iterations));
            }
            case StoredSecret.Scram scram -> new Entry(secret, scram.verifier());
            case StoredSecret.Md5 md5 -> new Entry(secret, null);
        };
    }

    private ScramVerifier madeUp(String user, int saltBytes, int rounds) {
        return ScramVerifier.madeUp(salting, user, saltBytes, rounds);
    }

    boolean names(String user) {
        return names.contains(user);
    }

    /** As far as is known here. */
    boolean exists(String user) {
        return everybody || names(user);
    }

    /** Whether nobody else has to be asked about this user. */
    boolean decides(String user) {
        return entries.containsKey(user);
    }

    /** Null for a user without a secret, and for one who does not exist. */
    @Nullable
    Entry of(String user) {
        return entries.get(user);
    }

    /** A verifier nobody knows the password of. */
    Entry scramLookAlike(String user) {
        ScramVerifier usual = madeUp(user, SALT_BYTES, iterations);
        return new Entry(new StoredSecret.Scram(usual), usual);
    }

    /**
     * A secret nobody knows.
     *
     * @param unlisted one of those who are in no list, as which half of all names look then; null where there are none
     */
    Entry lookAlike(String user, @Nullable Entry unlisted) {
        ScramVerifier usual = madeUp(user, SALT_BYTES, iterations);
        String nobodys = HexFormat.of().formatHex(usual.storedKey());
        boolean listed = unlisted == null || (!models.isEmpty() && (usual.serverKey()[2] & 1) == 0);
        if (listed && models.isEmpty()) {
            return scramLookAlike(user);
        }
        Entry model = unlisted != null && !listed
                ? unlisted
                : models.get(Math.floorMod((usual.serverKey()[0] << 8) | (usual.serverKey()[1] & 0xff), models.size()));
        return switch (model.secret()) {
            case StoredSecret.Plain plain -> new Entry(new StoredSecret.Plain(nobodys), usual);
            case StoredSecret.Md5 md5 -> new Entry(new StoredSecret.Md5(Md5Password.hash(user, nobodys)), null);
            case StoredSecret.Scram(ScramVerifier real) -> {
                ScramVerifier alike = madeUp(user, Math.min(real.salt().length, 32), real.iterations());
                yield new Entry(new StoredSecret.Scram(alike), alike);
            }
        };
    }
}
