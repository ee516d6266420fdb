package dev.pando.grammar;

/** What PostgreSQL's grammar makes of a text. */
public sealed interface ParseResult permits ParseTree, SyntaxProblem {}
