package dev.pando.server.auth;

import dev.pando.base.auth.ServerCredential;

/** A client that has proved who it is, and with what to log in to servers as the same user. */
public record Identity(String user, ServerCredential credential) {}
