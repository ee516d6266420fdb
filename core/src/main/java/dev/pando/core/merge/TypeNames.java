package dev.pando.core.merge;

import dev.pando.base.type.ScalarType;

/** Type names for refusals. */
final class TypeNames {
    private TypeNames() {}

    static String of(int oid) {
        ScalarType type = ScalarType.ofOid(oid);
        if (type != null) {
            return type.sqlName();
        }
        return switch (oid) {
            case 114 -> "json";
            case 600 -> "point";
            case 650 -> "cidr";
            case 705 -> "unknown";
            case 790 -> "money";
            case 829 -> "macaddr";
            case 869 -> "inet";
            case 1007 -> "integer[]";
            case 1009 -> "text[]";
            case 1186 -> "interval";
            case 1266 -> "time with time zone";
            case 1560 -> "bit";
            case 1562 -> "bit varying";
            case 2249 -> "record";
            case 3614 -> "tsvector";
            case 3802 -> "jsonb";
            default -> "with OID " + Integer.toUnsignedString(oid);
        };
    }
}
