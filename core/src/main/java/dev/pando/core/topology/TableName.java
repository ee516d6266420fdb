package dev.pando.core.topology;

/** A relation's full name as the catalog spells it (unquoted, case as stored). */
public record TableName(String schema, String name) {
    @Override
    public String toString() {
        return schema + "." + name;
    }
}
