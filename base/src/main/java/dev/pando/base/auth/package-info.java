/** Authentication steps as pure state: SCRAM-SHA-256 for both sides, verifiers, MD5. */
@NullMarked
package dev.pando.base.auth;

import org.jspecify.annotations.NullMarked;
