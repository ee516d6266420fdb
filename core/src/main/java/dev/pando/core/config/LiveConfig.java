package dev.pando.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The configuration in force; owned by the process, read from any thread. Who uses a setting asks {@link #now} at the moment of use and
 * keeps no copy; who must build something from settings (a TLS context, verifiers of passwords) is a {@link Follower}.
 *
 * <p>What can go wrong: a file that was changed is wrong, or asks for what a running process cannot do. What we do: the file is read as a
 * whole, then every follower makes what it needs of it, and only when all have done so does anything change. What cannot change while the
 * process runs ({@link ConfigKey#live}) keeps its value and is named. Why it suffices: followers' second step cannot fail.
 */
public final class LiveConfig {
    private final Supplier<PandoConfig> source;
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private volatile PandoConfig current;

    /** Somebody who makes something of settings. */
    public interface Follower {
        /** Makes it of the next configuration, or throws why it cannot. What is returned puts it to use, and must not fail. */
        Runnable prepare(PandoConfig next);
    }

    /**
     * What a reload found, by full names of keys, or of sections for lists.
     *
     * @param changed those in force now
     * @param atNextStart those that differ in the file and keep their value while this process runs
     */
    public record Reload(List<String> changed, List<String> atNextStart) {
        public Reload {
            changed = List.copyOf(changed);
            atNextStart = List.copyOf(atNextStart);
        }
    }

    /** {@code source}: reads the file again; throws CONFIG_INVALID with all that is wrong. */
    public LiveConfig(PandoConfig initial, Supplier<PandoConfig> source) {
        this.current = initial;
        this.source = source;
    }

    /** Without a file behind it: a reload changes nothing. */
    public static LiveConfig of(PandoConfig config) {
        return new LiveConfig(config, () -> config);
    }

    public PandoConfig now() {
        return current;
    }

    /** Is asked at every reload, in the order of these calls. */
    public void follow(Follower follower) {
        followers.add(follower);
    }

    /** Reads the file again and puts it in force, or throws what is wrong with it and changes nothing. */
    public synchronized Reload reload() {
        PandoConfig running = current;
        PandoConfig read = source.get();
        PandoConfig next = read.keepingFixed(running);
        List<Runnable> steps = new ArrayList<>();
        followers.forEach(follower -> steps.add(follower.prepare(next)));
        current = next;
        steps.forEach(Runnable::run);
        return new Reload(ConfigDifference.between(running, next), ConfigDifference.between(next, read));
    }
}
