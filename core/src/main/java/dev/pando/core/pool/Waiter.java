package dev.pando.core.pool;

import dev.pando.base.error.PandoException;

/** Who asks for a connection. */
public interface Waiter<L> {
    void granted(L link);

    void refused(PandoException reason);

    /** It has waited long enough to be told so. */
    default void delayed() {}

    /** Whether it holds connections of other pools already, in a transaction that a pause lets end. Asked once, with the request. */
    default boolean underway() {
        return false;
    }
}
