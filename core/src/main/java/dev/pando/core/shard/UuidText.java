package dev.pando.core.shard;

import java.util.UUID;

/** The text form of uuid: 32 hex digits of either case, a hyphen allowed after every fourth but the last, braces around it allowed. */
final class UuidText {
    private UuidText() {}

    static UUID parse(String text) {
        boolean braces = text.startsWith("{");
        int at = braces ? 1 : 0;
        int end = braces ? text.length() - 1 : text.length();
        if (braces && !text.endsWith("}")) {
            throw KeyCodec.syntax(KeyType.UUID, text);
        }
        long high = 0;
        long low = 0;
        for (int digits = 0; digits < 32; digits++) {
            if (digits > 0 && digits % 4 == 0 && at < end && text.charAt(at) == '-') {
                at++;
            }
            int digit = at < end && text.charAt(at) < 128 ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw KeyCodec.syntax(KeyType.UUID, text);
            }
            high = high << 4 | low >>> 60;
            low = low << 4 | digit;
            at++;
        }
        if (at != end) {
            throw KeyCodec.syntax(KeyType.UUID, text);
        }
        return new UUID(high, low);
    }
}
