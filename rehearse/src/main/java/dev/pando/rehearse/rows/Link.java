package dev.pando.rehearse.rows;

import dev.pando.base.sql.Quote;
import java.util.stream.Collectors;

/**
 * Which row of the table it refers to each row gets.
 *
 * @param number of this link in its table, for names
 * @param rows that the other table has
 * @param stride of {@link Order#DIGIT}
 */
record Link(int number, Reference reference, long rows, Order order, long stride) {
    enum Order {
        /** Any row, many times. */
        HASHED,
        /** Each row once. */
        SERIAL,
        /** A digit of the row's number, so that links together are unique. */
        DIGIT
    }

    Link in(Order other, long itsStride) {
        return new Link(number, reference, rows, other, itsStride);
    }

    /** As SQL has it: value of {@code column} in the row that was found. */
    String value(String column) {
        return alias() + "."
                + Quote.identifier(reference.targets().get(reference.columns().indexOf(column)));
    }

    /** A join that finds the row; {@code most} rows of the other table are looked at, none when it is 0. */
    String join(long most) {
        String targets =
                reference.targets().stream().distinct().map(Quote::identifier).collect(Collectors.joining(", "));
        long known = most == 0 ? rows : Math.min(rows, most);
        String source =
                most == 0 ? reference.table() : "(SELECT * FROM " + reference.table() + " LIMIT " + most + ") few";
        return " LEFT JOIN (SELECT row_number() OVER () AS pando_n, " + targets + " FROM " + source + ") " + alias()
                + " ON " + alias() + ".pando_n = " + place(known);
    }

    private String place(long known) {
        return switch (order) {
            case HASHED -> "1 + " + Values.hash(reference.columns().toString()) + " % " + known;
            case SERIAL -> "g.i";
            case DIGIT -> "1 + (g.i - 1) / " + stride + " % " + known;
        };
    }

    private String alias() {
        return "pando_" + number;
    }
}
