package dev.pando.lab.oracle;

import java.util.Arrays;

/** What {@code pg_class.relkind} tells of a relation. TOAST tables are left out: they follow their tables. */
public enum RelationKind {
    TABLE('r'),
    PARTITIONED_TABLE('p'),
    INDEX('i'),
    PARTITIONED_INDEX('I'),
    SEQUENCE('S'),
    VIEW('v'),
    MATERIALIZED_VIEW('m'),
    FOREIGN_TABLE('f'),
    COMPOSITE_TYPE('c');

    private final char code;

    RelationKind(char code) {
        this.code = code;
    }

    static RelationKind of(String relkind) {
        return Arrays.stream(values())
                .filter(kind -> kind.code == relkind.charAt(0))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("relkind " + relkind));
    }

    /** Whether it has rows of its own. */
    public boolean hasRows() {
        return this == TABLE || this == MATERIALIZED_VIEW;
    }

    public boolean isIndex() {
        return this == INDEX || this == PARTITIONED_INDEX;
    }
}
