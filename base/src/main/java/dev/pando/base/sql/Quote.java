package dev.pando.base.sql;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The one place that writes names and values into SQL text, exactly as PostgreSQL 18's {@code quote_ident} and {@code quote_literal} do.
 *
 * <p>A name stands bare only when it is {@code [a-z_][a-z0-9_]*} and no keyword other than an unreserved one; anything else is quoted.
 * Quoting a name that needn't be is harmless, so the list serves servers of every version.
 */
public final class Quote {
    /** PostgreSQL 18's keywords that are reserved or may not be column, function or type names ({@code pg_get_keywords()}, not U). */
    private static final Set<String> KEYWORDS = keywords("""
            all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char
            character check coalesce collate collation column concurrently constraint create cross current_catalog current_date
            current_role current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do
            else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping having ilike in
            initially inner inout int integer intersect interval into is isnull join json json_array json_arrayagg json_exists
            json_object json_objectagg json_query json_scalar json_serialize json_table json_value lateral leading least left like
            limit localtime localtimestamp merge_action national natural nchar none normalize not notnull null nullif numeric offset on
            only or order out outer overlaps overlay placing position precision primary real references returning right row select
            session_user setof similar smallint some substring symmetric system_user table tablesample then time timestamp to trailing
            treat trim true union unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat
            xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
            """);

    private Quote() {}

    private static Set<String> keywords(String list) {
        return Arrays.stream(list.strip().split("\\s+")).collect(Collectors.toUnmodifiableSet());
    }

    /** A name as {@code quote_ident} writes it. */
    public static String identifier(String name) {
        if (bare(name)) {
            return name;
        }
        return '"' + withoutZero(name).replace("\"", "\"\"") + '"';
    }

    /** {@code schema.name}, each quoted as needed. */
    public static String qualified(String schema, String name) {
        return identifier(schema) + '.' + identifier(name);
    }

    /** A value as {@code quote_literal} writes it: with E only if there are backslashes, so right under any setting of the server. */
    public static String literal(String value) {
        String doubled = withoutZero(value).replace("'", "''");
        return doubled.indexOf('\\') < 0 ? "'" + doubled + "'" : "E'" + doubled.replace("\\", "\\\\") + "'";
    }

    static Set<String> keywords() {
        return KEYWORDS;
    }

    private static boolean bare(String name) {
        if (name.isEmpty() || (name.charAt(0) >= '0' && name.charAt(0) <= '9')) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
            if (!fine) {
                return false;
            }
        }
        return !KEYWORDS.contains(name);
    }

    private static String withoutZero(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("PostgreSQL's text cannot hold a zero character");
        }
        return text;
    }
}
