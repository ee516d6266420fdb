package dev.pando.lint.fact;

/**
 * How fast a server works through a table, in MB of the table a second, for estimates of time. The defaults are what an ordinary cloud disk
 * gives to one process: reading is bound by the disk, the others by writing, sorting and WAL.
 */
public record Speeds(int scan, int rewrite, int build) {
    public static final Speeds DEFAULT = new Speeds(250, 60, 40);
}
