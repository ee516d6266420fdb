package dev.pando.lab.oracle;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** PostgreSQL's table-level lock modes with its table of conflicts (manual, 13.3.1), from weak to strong. */
public enum LockMode {
    ACCESS_SHARE("AccessShareLock"),
    ROW_SHARE("RowShareLock"),
    ROW_EXCLUSIVE("RowExclusiveLock"),
    SHARE_UPDATE_EXCLUSIVE("ShareUpdateExclusiveLock"),
    SHARE("ShareLock"),
    SHARE_ROW_EXCLUSIVE("ShareRowExclusiveLock"),
    EXCLUSIVE("ExclusiveLock"),
    ACCESS_EXCLUSIVE("AccessExclusiveLock");

    private final String serverName;

    LockMode(String serverName) {
        this.serverName = serverName;
    }

    /** As {@code pg_locks.mode} names it. */
    public String serverName() {
        return serverName;
    }

    /** As LOCK TABLE names it: {@code SHARE ROW EXCLUSIVE}. */
    public String sqlName() {
        return name().replace('_', ' ');
    }

    public static LockMode ofServerName(String name) {
        return Arrays.stream(values())
                .filter(mode -> mode.serverName.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not a lock mode of tables: " + name));
    }

    /** The modes that no other transaction can get while this one is held. */
    public Set<LockMode> conflicts() {
        return switch (this) {
            case ACCESS_SHARE -> EnumSet.of(ACCESS_EXCLUSIVE);
            case ROW_SHARE -> EnumSet.of(EXCLUSIVE, ACCESS_EXCLUSIVE);
            case ROW_EXCLUSIVE -> EnumSet.range(SHARE, ACCESS_EXCLUSIVE);
            case SHARE_UPDATE_EXCLUSIVE -> EnumSet.range(SHARE_UPDATE_EXCLUSIVE, ACCESS_EXCLUSIVE);
            case SHARE -> {
                Set<LockMode> all = EnumSet.range(ROW_EXCLUSIVE, ACCESS_EXCLUSIVE);
                all.remove(SHARE);
                yield all;
            }
            case SHARE_ROW_EXCLUSIVE -> EnumSet.range(ROW_EXCLUSIVE, ACCESS_EXCLUSIVE);
            case EXCLUSIVE -> EnumSet.range(ROW_SHARE, ACCESS_EXCLUSIVE);
            case ACCESS_EXCLUSIVE -> EnumSet.allOf(LockMode.class);
        };
    }

    public boolean conflictsWith(LockMode other) {
        return conflicts().contains(other);
    }

    /** Whether everything that {@code other} keeps out is kept out by this one too. */
    public boolean covers(LockMode other) {
        return conflicts().containsAll(other.conflicts());
    }

    /** Whether a SELECT has to wait. */
    public boolean blocksReads() {
        return conflictsWith(ACCESS_SHARE);
    }

    /** Whether SELECT … FOR UPDATE, and the check of a foreign key on the referenced side, has to wait. */
    public boolean blocksRowLocks() {
        return conflictsWith(ROW_SHARE);
    }

    /** Whether INSERT, UPDATE, DELETE and MERGE have to wait. */
    public boolean blocksWrites() {
        return conflictsWith(ROW_EXCLUSIVE);
    }

    /** Whether VACUUM, ANALYZE, CREATE INDEX CONCURRENTLY, VALIDATE CONSTRAINT and the like have to wait. */
    public boolean blocksMaintenance() {
        return conflictsWith(SHARE_UPDATE_EXCLUSIVE);
    }
}
