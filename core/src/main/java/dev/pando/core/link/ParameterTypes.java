package dev.pando.core.link;

/**
 * The types of a statement's parameters, with home's OIDs; zero where they are not known.
 *
 * @param declared said in Parse
 * @param known those, and what a server has said of the others
 */
public record ParameterTypes(int[] declared, int[] known) {
    public static final ParameterTypes NONE = new ParameterTypes(new int[0], new int[0]);
}
