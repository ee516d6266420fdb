package dev.pando.conformance;

/** Where a server listens, and what it is called. */
record Server(String name, String host, int port) {}
