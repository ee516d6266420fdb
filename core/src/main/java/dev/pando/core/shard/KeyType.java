package dev.pando.core.shard;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.util.Locale;

/**
 * The types a sharding key column may have. Left out on purpose: every type whose equality is not the equality of its bytes (char(n)
 * ignores trailing blanks, citext and nondeterministic collations ignore case, numeric ignores trailing zeros, float has two zeros),
 * because two equal keys must never live on two shards.
 */
public enum KeyType {
    INT2(21, "smallint"),
    INT4(23, "integer"),
    INT8(20, "bigint"),
    UUID(2950, "uuid"),
    /** Both text and varchar: PostgreSQL compares and hashes them alike. */
    TEXT(25, "text");

    private static final int VARCHAR_OID = 1043;

    private final int oid;
    private final String sqlName;

    KeyType(int oid, String sqlName) {
        this.oid = oid;
        this.sqlName = sqlName;
    }

    public int oid() {
        return oid;
    }

    public String sqlName() {
        return sqlName;
    }

    public boolean integer() {
        return this == INT2 || this == INT4 || this == INT8;
    }

    /** The key type of a column by {@code pg_attribute.atttypid}. */
    public static KeyType ofOid(int oid) {
        if (oid == VARCHAR_OID) {
            return TEXT;
        }
        for (KeyType type : values()) {
            if (type.oid == oid) {
                return type;
            }
        }
        throw refused("type with OID " + oid);
    }

    /** The key type of a column by its name as in SQL, pg_type or {@code format_type()}; a length such as {@code varchar(20)} is ignored. */
    public static KeyType ofName(String name) {
        int parenthesis = name.indexOf('(');
        String bare = (parenthesis < 0 ? name : name.substring(0, parenthesis))
                .strip()
                .toLowerCase(Locale.ROOT)
                .replaceFirst("^pg_catalog\\.", "");
        return switch (bare) {
            case "smallint", "int2" -> INT2;
            case "integer", "int", "int4" -> INT4;
            case "bigint", "int8" -> INT8;
            case "uuid" -> UUID;
            case "text", "varchar", "character varying" -> TEXT;
            default -> throw refused("type " + name);
        };
    }

    private static PandoException refused(String what) {
        return new PandoException(
                PandoError.DISTRIBUTE_ARGUMENT,
                what + " cannot be a sharding key; smallint, integer, bigint, uuid, text and varchar can");
    }
}
