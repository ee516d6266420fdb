package dev.pando.base.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Bytes from an enemy: each decoder answers with a message or a named protocol error, and takes memory in proportion to what came. */
class CodecAttackTest {
    private static final long SEED = 1_996L;
    private static final byte[] TYPES = {'Q', 'P', 'B', 'D', 'E', 'C', 'S', 'H', 'd', 'c', 'f', 'F', 'p', 'X'};
    private static final Set<PandoError> CLEAN = EnumSet.of(
            PandoError.PROTOCOL_VIOLATION,
            PandoError.MESSAGE_TOO_LONG,
            PandoError.UNSUPPORTED_PROTOCOL,
            PandoError.BACKEND_PROTOCOL);

    /** Fixed cost of an error (its stack trace) or a small object, and the most a byte of input may cost. */
    private static final long FIXED_BYTES = 256 << 10;

    private static final long PER_BYTE = 64;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private interface Decoder {
        Object decode(ByteBuf in);
    }

    private static void attack(byte[] input, Decoder decoder) {
        ByteBuf in = Unpooled.wrappedBuffer(input);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        String outcome;
        try {
            outcome = String.valueOf(decoder.decode(in));
        } catch (PandoException e) {
            assertThat(CLEAN).as(e.getMessage()).contains(e.error());
            outcome = "refused";
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + SEED + ": " + HexFormat.of().formatHex(input), e);
        }
        long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(taken)
                .as("memory for %s bytes, %s", input.length, outcome)
                .isLessThan(FIXED_BYTES + PER_BYTE * input.length);
    }

    /** A stream as a connection reads it: frames cut off, then decoded. */
    private static int stream(ByteBuf in) {
        var splitter = new FrameSplitter(1 << 20);
        int messages = 0;
        while (true) {
            int length = splitter.frameLength(in);
            if (length < 0 || length > in.readableBytes()) {
                return messages;
            }
            ByteBuf frame = in.readSlice(length);
            FrontendCodec.decode(frame.readByte(), frame.skipBytes(4));
            messages++;
        }
    }

    @Test
    void garbage() {
        var random = new Random(SEED);
        for (int round = 0; round < 40_000; round++) {
            byte[] input = Messages.bytes(random, 1 + (1 << random.nextInt(9)));
            byte type = TYPES[random.nextInt(TYPES.length)];
            attack(input, in -> FrontendCodec.decode(type, in));
            attack(input, FrontendCodec::decodeStartup);
            attack(input, CodecAttackTest::stream);
            attack(input, in -> RowDescription.decode(in, "a"));
            attack(input, ErrorFields::decode);
        }
    }

    @Test
    void validMessagesDamaged() {
        var random = new Random(SEED);
        for (int round = 0; round < 40_000; round++) {
            byte[] message = Messages.encoded(Messages.any(random, random.nextInt(Messages.KINDS)));
            damage(message, random);
            attack(message, CodecAttackTest::stream);
            byte[] startup = Messages.encoded(Messages.startup(random, random.nextInt(4)));
            damage(startup, random);
            attack(startup, in -> FrontendCodec.decodeStartup(in.skipBytes(4)));
        }
    }

    /** Some bytes changed, often to those that are special: zeros, counts and lengths at their extremes. */
    private static void damage(byte[] message, Random random) {
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(message.length);
            message[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(3) - 1);
            if (random.nextInt(4) == 0) {
                for (int k = at; k < Math.min(at + 4, message.length); k++) {
                    message[k] = (byte) (k == at ? 0x7f : 0xff);
                }
            }
        }
    }

    @Test
    void announcementsCostNothing() {
        // A Bind that announces a parameter of 2 GB, and one that announces 65,535 parameters and formats.
        attack(HexFormat.of().parseHex("0000000000017fffffff"), in -> FrontendCodec.decode((byte) 'B', in));
        attack(HexFormat.of().parseHex("00000000ffff"), in -> FrontendCodec.decode((byte) 'B', in));
        attack(HexFormat.of().parseHex("0000ffff"), in -> FrontendCodec.decode((byte) 'B', in));
        attack(HexFormat.of().parseHex("0000ffff"), in -> FrontendCodec.decode((byte) 'P', in));
        attack(HexFormat.of().parseHex("ffff"), in -> RowDescription.decode(in, "a"));
        attack(HexFormat.of().parseHex("517fffffff"), CodecAttackTest::stream);
        attack(HexFormat.of().parseHex("5180000000"), CodecAttackTest::stream);
        attack(HexFormat.of().parseHex("51ffffffff"), CodecAttackTest::stream);
    }

    @Test
    void aMillionParametersAreRefusedOrTakeWhatTheyWeigh() {
        ByteBuf bind = Unpooled.buffer().writeZero(4).writeShort(1_000_000 & 0xffff);
        ByteBuf parse = Unpooled.buffer().writeZero(2).writeShort(1_000_000 & 0xffff);
        for (int i = 0; i < 1_000_000; i++) {
            bind.writeInt(-1);
            parse.writeInt(23);
        }
        byte[] manyBound = new byte[bind.readableBytes()];
        bind.readBytes(manyBound);
        byte[] manyTypes = new byte[parse.readableBytes()];
        parse.readBytes(manyTypes);
        attack(manyBound, in -> FrontendCodec.decode((byte) 'B', in));
        attack(manyTypes, in -> FrontendCodec.decode((byte) 'P', in));
    }

    /** The tests above must be able to fail: a decoder that trusts what is announced is caught. */
    @Test
    void aTrustfulDecoderIsCaught() {
        byte[] announces = HexFormat.of().parseHex("00400000");
        boolean caught = false;
        try {
            attack(announces, in -> new byte[in.readInt()]);
        } catch (AssertionError expected) {
            caught = true;
        }
        assertThat(caught).isTrue();
    }
}
