package dev.pando.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Which settings of two configurations differ. */
final class ConfigDifference {
    private ConfigDifference() {}

    /** Full names of keys, and names of sections for lists and for what a file or a secret holds. */
    static List<String> between(PandoConfig one, PandoConfig other) {
        List<String> names = new ArrayList<>(keys(one, other));
        compare(
                names,
                Section.PEERS,
                one.listen().node().peers(),
                other.listen().node().peers());
        compare(names, Section.USERS, one.users(), other.users());
        compare(
                names,
                Section.USERS,
                one.tuning().overrides().users(),
                other.tuning().overrides().users());
        compare(names, Section.DATABASES, one.databases(), other.databases());
        compare(
                names,
                Section.DATABASES,
                one.tuning().overrides().databases(),
                other.tuning().overrides().databases());
        compare(names, Section.SHARDS, one.shards(), other.shards());
        compare(names, Section.TABLES, one.tables(), other.tables());
        compare(names, Section.TLS, one.clientTls(), other.clientTls());
        compare(names, Section.AUTH, one.auth(), other.auth());
        compare(names, Section.SHARD_TLS, one.serverTls(), other.serverTls());
        compare(names, Section.CONTROL, one.control(), other.control());
        return names;
    }

    private static List<String> keys(PandoConfig one, PandoConfig other) {
        List<String> names = new ArrayList<>();
        for (ConfigKey key : ConfigKey.values()) {
            Object before = ConfigPrinter.value(key, one);
            Object after = ConfigPrinter.value(key, other);
            if (!Objects.equals(before, after)) {
                names.add(key.fullName());
            }
        }
        return names;
    }

    /** A section is named when it differs and none of its keys does, as with files whose content is another. */
    private static void compare(List<String> names, Section section, Object one, Object other) {
        boolean told =
                names.stream().anyMatch(name -> name.equals(section.title()) || name.startsWith(section.title() + "."));
        if (!told && !one.equals(other)) {
            names.add(section.title());
        }
    }
}
