package dev.pando.grammar;

/**
 * What one parse may take. A tree is about fifty times as large as its text, which is why the memory limit is what usually counts.
 *
 * @param statementBytes longest text
 * @param memoryBytes most memory of an instance, its 16 MB at rest included
 * @param treeDepth deepest nesting of a tree, counted in JSON objects and arrays
 */
public record GrammarLimits(int statementBytes, int memoryBytes, int treeDepth) {
    public static final GrammarLimits DEFAULT = new GrammarLimits(1 << 20, 256 << 20, 4_000);
}
