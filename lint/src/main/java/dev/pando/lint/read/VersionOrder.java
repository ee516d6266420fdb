package dev.pando.lint.read;

import java.math.BigInteger;

/** Names in the order people number them: runs of digits by their value, all else by character. */
final class VersionOrder {
    private VersionOrder() {}

    static int compare(String left, String right) {
        int l = 0;
        int r = 0;
        while (l < left.length() && r < right.length()) {
            int leftEnd = digitsEnd(left, l);
            int rightEnd = digitsEnd(right, r);
            int order;
            if (leftEnd > l && rightEnd > r) {
                order = new BigInteger(left.substring(l, leftEnd))
                        .compareTo(new BigInteger(right.substring(r, rightEnd)));
                l = leftEnd;
                r = rightEnd;
            } else {
                order = Character.compare(left.charAt(l++), right.charAt(r++));
            }
            if (order != 0) {
                return order;
            }
        }
        int rest = Integer.compare(left.length() - l, right.length() - r);
        return rest != 0 ? rest : left.compareTo(right);
    }

    private static int digitsEnd(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
