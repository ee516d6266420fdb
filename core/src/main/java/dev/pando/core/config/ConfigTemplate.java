package dev.pando.core.config;

/** A first {@code pando.toml}: every key with its default, as comments, so that it changes nothing until somebody edits it. */
public final class ConfigTemplate {
    private static final String HEAD = """
            # Pando's settings. Each line shows a default; remove the # and change it, then start again.
            # docs/config.md explains every key.
            """;

    private ConfigTemplate() {}

    public static String forUp() {
        StringBuilder text = new StringBuilder(HEAD);
        for (Section section : Section.values()) {
            if (!section.list() && !section.serveOnly()) {
                text.append(section == Section.TOP ? "" : "\n" + section.header() + "\n");
                for (ConfigKey key : ConfigKey.of(section)) {
                    Object standard = key.standard();
                    if (standard != null) {
                        text.append("# ")
                                .append(key.title())
                                .append(" = ")
                                .append(ConfigPrinter.toml(standard))
                                .append('\n');
                    }
                }
            }
        }
        return text.append("""

                        # [[users]]
                        # name = "app"
                        # password = "app"

                        # [[tables]]
                        # name = "users"
                        # key = "id"

                        # [[tables]]
                        # name = "messages"
                        # key = "user_id"
                        # colocate_with = "users"

                        # [[tables]]
                        # name = "settings"
                        # reference = true
                        """).toString();
    }
}
