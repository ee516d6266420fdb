package dev.pando.cli;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operating system's signals. Java has no other way to them than {@code sun.misc.Signal} of module {@code jdk.unsupported}, which every
 * JDK has; it is called by its name, since naming it in the source is a warning that cannot be switched off.
 */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /** {@code name} as in "HUP"; the action runs on a thread of its own. On systems without that signal nothing happens. */
    static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object acting = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), acting);
        } catch (ReflectiveOperationException e) {
            LOG.warn("signal {} is not listened to: {}", name, String.valueOf(e.getCause()));
        }
    }
}
