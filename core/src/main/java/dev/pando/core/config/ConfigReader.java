package dev.pando.core.config;

import dev.pando.base.auth.StoredSecret;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** One pass over one file. */
final class ConfigReader {
    static final String ADMIN_DATABASE = "pando";

    private final Purpose purpose;
    private final SecretSource secrets;
    private final Problems problems;
    private final Passwords passwords;
    private final Map<Section, Values> single = new EnumMap<>(Section.class);
    private final Map<Section, List<Values>> lists = new EnumMap<>(Section.class);

    ConfigReader(String file, Purpose purpose, SecretSource secrets) {
        this.purpose = purpose;
        this.secrets = secrets;
        this.problems = new Problems(file);
        this.passwords = new Passwords(problems, secrets);
    }

    ConfigOutcome read(String toml) {
        TomlParseResult file = Toml.parse(toml);
        for (TomlParseError error : file.errors()) {
            problems.add(error.position(), "", Objects.requireNonNullElse(error.getMessage(), "not TOML"));
        }
        if (file.hasErrors()) {
            // What follows a syntax error may be missing only because of it: say nothing that could be untrue.
            return new ConfigOutcome.Invalid(problems.inFileOrder());
        }
        readSections(file);
        PandoConfig.Listen listen = new ListenReader(problems)
                .read(section(Section.LISTEN), section(Section.NODE), section(Section.RESTART), entries(Section.PEERS));
        PandoConfig.Access access = access();
        PandoConfig.Layout layout = layout();
        TuningReader.checkEndpoint(section(Section.TRACING), problems);
        if (!problems.none()) {
            return new ConfigOutcome.Invalid(problems.inFileOrder());
        }
        TuningReader tuning = new TuningReader(this::section);
        return new ConfigOutcome.Valid(new PandoConfig(
                LogLevel.of(section(Section.TOP).text(ConfigKey.LOG_LEVEL)),
                listen,
                http(),
                access,
                tuning.pool(),
                limits(),
                tuning.tuning(entries(Section.USERS), entries(Section.DATABASES)),
                layout));
    }

    private PandoConfig.Layout layout() {
        List<Values> shards = entries(Section.SHARDS);
        boolean sharded = !shards.isEmpty() || purpose == Purpose.UP;
        String name = sharded ? section(Section.DATABASE).text(ConfigKey.DATABASE_NAME) : null;
        List<DatabaseConfig> databases = new DatabaseReader(problems, passwords, name).read(entries(Section.DATABASES));
        return new LayoutReader(problems, purpose).read(shards, entries(Section.TABLES), databases);
    }

    private void readSections(TomlParseResult file) {
        single.put(Section.TOP, Values.read(Section.TOP, "", file, null, problems));
        for (Section section : Section.values()) {
            if (section != Section.TOP) {
                readSection(section, file);
            }
        }
        List<String> titles = Section.titles();
        for (String title : file.keySet()) {
            if (file.get(List.of(title)) instanceof TomlTable && !titles.contains(title)) {
                String meant = NearMiss.closest(title, titles);
                String hint = meant == null ? "" : "; did you mean \"" + meant + "\"?";
                problems.add(file.inputPositionOf(List.of(title)), title, "unknown section" + hint);
            }
        }
    }

    private void readSection(Section section, TomlParseResult file) {
        Object raw = file.get(List.of(section.title()));
        TomlPosition at = raw == null ? null : file.inputPositionOf(List.of(section.title()));
        lists.put(section, new ArrayList<>());
        if (raw != null && section.serveOnly() && purpose == Purpose.UP) {
            problems.add(at, section.title(), "pando up makes its own servers; use pando serve for existing ones");
            raw = null;
        }
        if (!section.list()) {
            if (raw != null && !(raw instanceof TomlTable)) {
                problems.add(at, section.title(), "is a section: write " + section.header());
            }
            TomlTable table = raw instanceof TomlTable found ? found : null;
            single.put(section, Values.read(section, section.title() + ".", table, at, problems));
        } else if (raw instanceof TomlArray array && array.toList().stream().allMatch(TomlTable.class::isInstance)) {
            for (int i = 0; i < array.size(); i++) {
                String path = section.title() + "[" + (i + 1) + "].";
                entries(section).add(Values.read(section, path, array.getTable(i), array.inputPositionOf(i), problems));
            }
        } else if (raw != null) {
            problems.add(at, section.title(), "is a list of sections: write " + section.header());
        }
    }

    private Values section(Section section) {
        return Objects.requireNonNull(single.get(section));
    }

    private List<Values> entries(Section section) {
        return Objects.requireNonNull(lists.get(section));
    }

    private PandoConfig.Http http() {
        Values values = section(Section.HTTP);
        return new PandoConfig.Http(
                values.flag(ConfigKey.HTTP_ENABLED),
                values.text(ConfigKey.HTTP_HOST),
                values.whole(ConfigKey.HTTP_PORT),
                values.flag(ConfigKey.HTTP_PLANS));
    }

    private PandoConfig.Limits limits() {
        Values values = section(Section.LIMITS);
        return new PandoConfig.Limits(
                Math.toIntExact(values.size(ConfigKey.LIMITS_MAX_MESSAGE_BYTES)),
                Math.toIntExact(values.size(ConfigKey.LIMITS_MAX_STATEMENT_BYTES)),
                values.time(ConfigKey.LIMITS_LOGIN_TIMEOUT),
                values.whole(ConfigKey.LIMITS_MAX_PREPARED_STATEMENTS),
                values.size(ConfigKey.LIMITS_MERGE_MEMORY),
                values.size(ConfigKey.LIMITS_PLAN_CACHE_BYTES),
                values.whole(ConfigKey.LIMITS_PARSER_QUEUE),
                values.whole(ConfigKey.LIMITS_MAX_WILDCARD_DATABASES));
    }

    private PandoConfig.Access access() {
        Values database = section(Section.DATABASE);
        if (database.text(ConfigKey.DATABASE_NAME).equals(ADMIN_DATABASE)) {
            problems.add(
                    database.position(ConfigKey.DATABASE_NAME),
                    database.name(ConfigKey.DATABASE_NAME),
                    "\"pando\" is taken by the admin database");
        }
        Values control = section(Section.CONTROL);
        // Without shards there is nothing to control.
        Secret controlPassword =
                purpose == Purpose.UP || entries(Section.SHARDS).isEmpty()
                        ? new Secret("")
                        : passwords.of(
                                control,
                                ConfigKey.CONTROL_PASSWORD,
                                ConfigKey.CONTROL_PASSWORD_FILE,
                                ConfigKey.CONTROL_PASSWORD_ENV);
        PandoConfig.Encryption encryption =
                new EncryptionReader(problems, secrets).read(section(Section.TLS), section(Section.SHARD_TLS));
        PandoConfig.Auth auth = auth(encryption.clients());
        return new PandoConfig.Access(
                database.text(ConfigKey.DATABASE_NAME),
                users(auth),
                auth,
                new PandoConfig.Control(control.text(ConfigKey.CONTROL_USER), controlPassword),
                encryption);
    }

    private PandoConfig.Auth auth(PandoConfig.ClientTls tls) {
        Values values = section(Section.AUTH);
        boolean given = values.given(ConfigKey.AUTH_PASSWORD)
                || values.given(ConfigKey.AUTH_PASSWORD_FILE)
                || values.given(ConfigKey.AUTH_PASSWORD_ENV);
        Secret password = given
                ? passwords.of(
                        values, ConfigKey.AUTH_PASSWORD, ConfigKey.AUTH_PASSWORD_FILE, ConfigKey.AUTH_PASSWORD_ENV)
                : new Secret("");
        return new AuthReader(problems, secrets).read(values, password, tls);
    }

    private List<PandoConfig.User> users(PandoConfig.Auth auth) {
        List<Values> entries = entries(Section.USERS);
        if (entries.isEmpty() && purpose == Purpose.UP) {
            return List.of(new PandoConfig.User("app", new Secret("app"), true, null));
        }
        if (entries.isEmpty() && auth.file() == null && auth.lookup() == null) {
            problems.add(
                    null,
                    "users",
                    "there is no user; add a [[users]] section with name and password, auth.file, or auth.user");
        }
        if (entries.size() > 1 && purpose == Purpose.UP) {
            problems.add(
                    entries.get(1).position(ConfigKey.USER_NAME),
                    "users[2]",
                    "pando up makes one user; further ones need pando serve");
        }
        List<PandoConfig.User> users = new ArrayList<>();
        for (Values entry : entries) {
            Secret password = userPassword(entry, auth);
            if (!entry.has(ConfigKey.USER_NAME)) {
                continue;
            }
            String name = entry.text(ConfigKey.USER_NAME);
            if (users.stream().anyMatch(user -> user.name().equals(name))) {
                problems.add(
                        entry.position(ConfigKey.USER_NAME),
                        entry.name(ConfigKey.USER_NAME),
                        "user \"" + name + "\" is there twice");
            }
            users.add(new PandoConfig.User(
                    name,
                    password,
                    entry.flag(ConfigKey.USER_ADMIN),
                    DatabaseReader.mode(entry, ConfigKey.USER_POOL_MODE)));
        }
        return users;
    }

    /** It may come from elsewhere, or not be needed. */
    private Secret userPassword(Values entry, PandoConfig.Auth auth) {
        boolean given = entry.given(ConfigKey.USER_PASSWORD)
                || entry.given(ConfigKey.USER_PASSWORD_FILE)
                || entry.given(ConfigKey.USER_PASSWORD_ENV);
        boolean optional =
                purpose == Purpose.SERVE && (auth.file() != null || auth.lookup() != null || auth.rules() != null);
        if (entry.has(ConfigKey.USER_NAME) && entry.text(ConfigKey.USER_NAME).equals(AuthReader.EVERYBODY)) {
            AuthReader.checkEverybody(entry, given, optional, problems);
            return new Secret("");
        }
        if (!given && optional) {
            return new Secret("");
        }
        Secret password =
                passwords.of(entry, ConfigKey.USER_PASSWORD, ConfigKey.USER_PASSWORD_FILE, ConfigKey.USER_PASSWORD_ENV);
        String doubt = StoredSecret.doubt(password.reveal());
        if (doubt != null) {
            problems.add(entry.position(ConfigKey.USER_PASSWORD), entry.name(ConfigKey.USER_PASSWORD), doubt);
        }
        return password;
    }
}
