package dev.pando.lint.code;

import dev.pando.lint.fact.Change;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What the reader of code asks about the schema that a statement meets. */
public interface Surroundings {
    /** Whether a name, as SQL has it, means a relation of the system catalogs. */
    boolean ofCatalogs(String relation) throws SQLException;

    /** The routines that a name may mean, those of PostgreSQL itself left out. */
    List<Routine> routines(List<String> name) throws SQLException;

    /** The functions of triggers that a change fires, on the relation, on what inherits from it, and where foreign keys take it; not PostgreSQL's own. */
    List<Trigger> triggers(Change change) throws SQLException;

    /** Whether all that a name means among PostgreSQL's own functions are immutable; empty when it means none of them. */
    Optional<Boolean> immutable(List<String> name) throws SQLException;

    /** The conditions of a domain, and of those it is made of, with its default if that counts; none for other types. */
    List<String> ofDomain(List<String> name, boolean defaults) throws SQLException;

    /** The value of an expression that holds nothing but constants and functions of PostgreSQL's own; empty if it has none. */
    Optional<String> value(String expression) throws SQLException;
}
