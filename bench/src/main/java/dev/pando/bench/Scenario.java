package dev.pando.bench;

/** What clients of {@code bench proxy} do. */
enum Scenario {
    SELECT_ONLY("select-only"),
    TPC_B("TPC-B-like"),
    ROWS_1_KB("1 KB rows"),
    ROWS_1_MB("1 MB rows"),
    COPY_OUT("COPY out"),
    COPY_IN("COPY in");

    private final String title;

    Scenario(String title) {
        this.title = title;
    }

    Work work(Protocol protocol, int scale) {
        return switch (this) {
            case SELECT_ONLY ->
                new LookUps(LookUps.Table.ACCOUNTS, protocol, (long) scale * Transfers.ACCOUNTS_PER_BRANCH);
            case TPC_B -> new Transfers(protocol, scale);
            case ROWS_1_KB -> new LookUps(LookUps.Table.ROWS_1_KB, protocol, BenchSchema.ROWS_1_KB);
            case ROWS_1_MB -> new LookUps(LookUps.Table.ROWS_1_MB, protocol, BenchSchema.ROWS_1_MB);
            case COPY_OUT -> new Copies(Copies.Direction.OUT);
            case COPY_IN -> new Copies(Copies.Direction.IN);
        };
    }

    /** Transactions in a request; for COPY, megabytes. */
    int perRequest(Protocol protocol) {
        return switch (this) {
            case SELECT_ONLY, ROWS_1_KB, ROWS_1_MB -> protocol == Protocol.PIPELINED ? LookUps.PIPELINE : 1;
            case TPC_B -> 1;
            case COPY_OUT, COPY_IN -> Copies.BYTES >> 20;
        };
    }

    /** COPY is a simple Query, whatever else clients speak. */
    boolean speaks(Protocol protocol) {
        return switch (this) {
            case SELECT_ONLY, TPC_B, ROWS_1_KB, ROWS_1_MB -> true;
            case COPY_OUT, COPY_IN -> protocol == Protocol.SIMPLE;
        };
    }

    @Override
    public String toString() {
        return title;
    }
}
