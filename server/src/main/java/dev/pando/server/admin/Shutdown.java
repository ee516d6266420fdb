package dev.pando.server.admin;

/** How a running Pando ends, from the most patient way to the least. */
public enum Shutdown {
    /** It listens no more; the clients it has stay until they leave, or {@code restart.client_timeout} is over. */
    WAIT_FOR_CLIENTS,
    /** Clients are hung up on between transactions; those under way have {@code restart.transaction_timeout}. */
    WAIT_FOR_SERVERS,
    NOW
}
