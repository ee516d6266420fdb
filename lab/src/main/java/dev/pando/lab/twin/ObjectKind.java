package dev.pando.lab.twin;

import java.util.Locale;

/**
 * What a schema is made of, in the order in which it can be made as far as dependencies leave the choice. Each has a query of its own,
 * a resource by its name.
 */
public enum ObjectKind {
    ROLE,
    SCHEMA,
    EXTENSION,
    COLLATION,
    ENUM,
    COMPOSITE_TYPE,
    RANGE_TYPE,
    DOMAIN,
    DOMAIN_CONSTRAINT,
    FUNCTION,
    AGGREGATE,
    OPERATOR,
    OPERATOR_FAMILY,
    OPERATOR_CLASS,
    OPERATOR_FAMILY_MEMBER,
    CAST,
    TEXT_SEARCH_DICTIONARY,
    TEXT_SEARCH_CONFIGURATION,
    TEXT_SEARCH_MAPPING,
    SEQUENCE,
    TABLE,
    COLUMN_DEFAULT,
    TABLE_CONSTRAINT,
    INHERITANCE,
    INHERITED,
    VIEW,
    MATERIALIZED_VIEW,
    COLUMN_PROPERTY,
    TABLE_PROPERTY,
    /** By their numbers among other indexes: the planner's choice between equal costs follows these. */
    INDEX_CONSTRAINT,
    INDEX,
    INDEX_INHERITANCE,
    INDEX_PROPERTY,
    STATISTICS,
    STATISTICS_PROPERTY,
    POPULATION,
    SEQUENCE_OWNER,
    FOREIGN_KEY,
    RULE,
    TRIGGER,
    FIRING,
    POLICY;

    /** As it is called in messages: "text search mapping". */
    public String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    String resource() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Kinds of one phase are made in the order of their numbers. */
    ObjectKind phase() {
        return this == INDEX ? INDEX_CONSTRAINT : this;
    }
}
