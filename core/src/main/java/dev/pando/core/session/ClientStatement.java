package dev.pando.core.session;

import dev.pando.core.route.Planned;

/** A statement the client has prepared. Its identity stands for it on a server's unnamed statement. */
final class ClientStatement {
    private final String name;
    private final byte[] sql;
    private final int[] parameterTypes;
    private final String serverName;
    private final Planned planned;

    ClientStatement(String name, byte[] sql, int[] parameterTypes, String serverName, Planned planned) {
        this.name = name;
        this.sql = sql;
        this.parameterTypes = parameterTypes;
        this.serverName = serverName;
        this.planned = planned;
    }

    boolean isUnnamed() {
        return name.isEmpty();
    }

    String name() {
        return name;
    }

    byte[] sql() {
        return sql;
    }

    int[] parameterTypes() {
        return parameterTypes;
    }

    /** Its name on servers: shared by all clients that prepared the same text; empty for the unnamed one. */
    String serverName() {
        return serverName;
    }

    Planned planned() {
        return planned;
    }
}
