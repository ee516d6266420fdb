package dev.pando.lab;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** A major version of PostgreSQL whose programs are packaged. */
public enum Major {
    POSTGRES_15(15),
    POSTGRES_16(16),
    POSTGRES_17(17),
    POSTGRES_18(18);

    private static final class Packaged {
        static final Properties VERSIONS = read();

        private static Properties read() {
            Properties properties = new Properties();
            try (InputStream in = Major.class.getResourceAsStream("postgres.properties")) {
                if (in == null) {
                    throw new PandoException(PandoError.BUG, "postgres.properties is not packaged");
                }
                properties.load(in);
            } catch (IOException e) {
                throw PandoException.causedBy(e, PandoError.BUG, "postgres.properties: " + e);
            }
            return properties;
        }
    }

    private final int number;

    Major(int number) {
        this.number = number;
    }

    /** The one that fleets run, and temporary servers where nothing else is asked for. */
    public static Major newest() {
        return POSTGRES_18;
    }

    /** The major with this number, such as 15, if it is packaged. */
    public static Optional<Major> of(int number) {
        return Arrays.stream(values()).filter(major -> major.number == number).findFirst();
    }

    /** The same where somebody has asked for it. */
    public static Major packaged(int number) {
        return of(number).orElseThrow(() -> new PandoException(PandoError.MAJOR_NOT_PACKAGED, number));
    }

    public int number() {
        return number;
    }

    /** The packaged version, such as {@code 15.19}, as {@code SHOW server_version} begins. */
    public String version() {
        String version = packagedVersion();
        return version.substring(0, version.lastIndexOf('.'));
    }

    /** The version of the package, which adds a number of its own: {@code 15.19.0}. */
    String packagedVersion() {
        String version = Packaged.VERSIONS.getProperty(Integer.toString(number));
        if (version == null) {
            throw new PandoException(PandoError.BUG, "postgres.properties has no version of " + number);
        }
        return version;
    }

    /** The folder of class path resources with this major's archives, one for each machine. */
    String resources() {
        return this == newest() ? "/" : "/dev/pando/lab/postgres-" + number + "/";
    }

    /** Options of {@code initdb} for UTF8 with collation C; from 17 on, letters beyond ASCII have upper and lower case. */
    List<String> localeOptions() {
        List<String> options = new ArrayList<>(List.of("--encoding=UTF8", "--locale=C"));
        if (number >= 17) {
            options.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
        }
        return options;
    }

    /** Whether {@code io_method} is a setting; workers would be processes that a small server does not need. */
    boolean hasIoMethod() {
        return number >= 18;
    }

    @Override
    public String toString() {
        return "PostgreSQL " + number;
    }
}
