package dev.pando.core.copy;

/**
 * Finds rows, and their key fields, in one format. Searching continues where it stopped when more bytes have come, so that no byte is
 * looked at twice.
 */
sealed interface RowFinder permits TextRows, CsvRows, BinaryRows {
    enum Kind {
        ROW,
        /** Not a row: goes to every shard. */
        EVERY_SHARD,
        /** The end of the data; what follows is ignored. */
        END
    }

    /**
     * The offset after the row that begins at {@code start}, or -1 when it is not complete. Until it is, {@code start} stands for the
     * same row in every call, wherever the buffer has moved meanwhile.
     *
     * @param last nothing comes after {@code end}
     */
    int find(byte[] data, int start, int end, boolean last);

    /** What {@link #find} found. */
    Kind kind();

    /** Bytes that the unfinished row will need at least, as far as is known. */
    int announced();

    /** What each shard gets at the end. */
    byte[] trailer();
}
