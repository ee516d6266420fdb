package dev.pando.core.hba;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An address with those bits of it that count. */
@SuppressWarnings("ArrayRecordComponent") // never changed, compared by equals below
public record Network(byte[] address, byte[] mask) {
    /** Throws IllegalArgumentException with what is wrong. */
    public static Network of(InetAddress address, int bits) {
        byte[] mask = new byte[address.getAddress().length];
        if (bits < 0 || bits > mask.length * 8) {
            throw new IllegalArgumentException("/" + bits + " is no mask of " + address.getHostAddress());
        }
        for (int i = 0; i < bits; i++) {
            mask[i / 8] |= (byte) (0x80 >> (i % 8));
        }
        return new Network(address.getAddress(), mask);
    }

    /** Null for what is no address; a host name is not looked up. */
    static @Nullable InetAddress literal(String text) {
        boolean four = text.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        if (!four && text.indexOf(':') < 0) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException notOne) {
            return null;
        }
    }

    boolean contains(InetAddress other) {
        byte[] bytes = other.getAddress();
        if (bytes.length != address.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (((bytes[i] ^ address[i]) & mask[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    /** This machine's address in it and no other. */
    boolean isHost(InetAddress other) {
        return Arrays.equals(address, other.getAddress());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Network that && Arrays.equals(address, that.address) && Arrays.equals(mask, that.mask);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(address) + Arrays.hashCode(mask);
    }

    /** What a rule says about where a client comes from. */
    sealed interface Test {
        record Everywhere() implements Test {}

        record SameHost() implements Test {}

        record SameNet() implements Test {}

        record Within(Network network) implements Test {}

        /** {@code own}: this machine's addresses with their networks. */
        default boolean holds(InetAddress address, List<Network> own) {
            return switch (this) {
                case Everywhere everywhere -> true;
                case SameHost host -> own.stream().anyMatch(network -> network.isHost(address));
                case SameNet net -> own.stream().anyMatch(network -> network.contains(address));
                case Within(Network network) -> network.contains(address);
            };
        }
    }
}
