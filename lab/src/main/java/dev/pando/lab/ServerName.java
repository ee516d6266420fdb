package dev.pando.lab;

/** Which server of a fleet: shards count from 0; replica 0 is the shard's primary, standbys count from 1. */
public record ServerName(int shard, int replica) implements Comparable<ServerName> {
    static ServerName primary(int shard) {
        return new ServerName(shard, 0);
    }

    public boolean isPrimary() {
        return replica == 0;
    }

    /** The name in paths and state files: {@code shard-0/primary}, {@code shard-0/replica-1}. */
    String path() {
        return "shard-" + shard + "/" + (isPrimary() ? "primary" : "replica-" + replica);
    }

    /** The name of the replication slot that keeps the write-ahead log for this standby. */
    String slot() {
        return "replica_" + replica;
    }

    @Override
    public int compareTo(ServerName other) {
        int byShard = Integer.compare(shard, other.shard);
        return byShard != 0 ? byShard : Integer.compare(replica, other.replica);
    }

    @Override
    public String toString() {
        return "shard " + shard + (isPrimary() ? " primary" : " replica " + replica);
    }
}
