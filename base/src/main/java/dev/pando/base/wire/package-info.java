/** PostgreSQL's frontend/backend protocol: frames, messages and their codecs; no sockets. */
@NullMarked
package dev.pando.base.wire;

import org.jspecify.annotations.NullMarked;
