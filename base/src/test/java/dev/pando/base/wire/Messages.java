package dev.pando.base.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Valid client messages of every kind, made from a seed. */
final class Messages {
    static final int KINDS = 14;

    private Messages() {}

    static FrontendMessage any(Random random, int kind) {
        return switch (kind) {
            case 0 -> new FrontendMessage.Query(text(random).getBytes(StandardCharsets.UTF_8));
            case 1 ->
                new FrontendMessage.Parse(
                        text(random),
                        text(random).getBytes(StandardCharsets.UTF_8),
                        random.ints(random.nextInt(5)).toArray());
            case 2 -> bind(random);
            case 3 -> new FrontendMessage.Describe(random.nextBoolean() ? 'S' : 'P', text(random));
            case 4 -> new FrontendMessage.Execute(text(random), random.nextInt());
            case 5 -> new FrontendMessage.Close(random.nextBoolean() ? 'S' : 'P', text(random));
            case 6 -> new FrontendMessage.Sync();
            case 7 -> new FrontendMessage.Flush();
            case 8 -> new FrontendMessage.CopyData(Unpooled.wrappedBuffer(bytes(random, 40)));
            case 9 -> new FrontendMessage.CopyDone();
            case 10 -> new FrontendMessage.CopyFail(text(random));
            case 11 -> new FrontendMessage.FunctionCall(Unpooled.wrappedBuffer(bytes(random, 40)));
            case 12 -> new FrontendMessage.Credentials(Unpooled.wrappedBuffer(bytes(random, 40)));
            case 13 -> new FrontendMessage.Terminate();
            default -> throw new IllegalArgumentException("no message kind " + kind);
        };
    }

    private static FrontendMessage.Bind bind(Random random) {
        List<byte @Nullable []> parameters = new ArrayList<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            parameters.add(random.nextInt(4) == 0 ? null : bytes(random, 20));
        }
        int formats = random.nextInt(3);
        return new FrontendMessage.Bind(
                text(random),
                text(random),
                formats(random, formats == 2 ? count : formats),
                parameters,
                formats(random, random.nextInt(4)));
    }

    private static short[] formats(Random random, int count) {
        var formats = new short[count];
        for (int i = 0; i < count; i++) {
            formats[i] = (short) random.nextInt(2);
        }
        return formats;
    }

    static StartupPacket startup(Random random, int kind) {
        return switch (kind) {
            case 0 -> {
                Map<String, String> parameters = new LinkedHashMap<>();
                int count = random.nextInt(6);
                for (int i = 0; i < count; i++) {
                    parameters.put("p" + i + text(random), text(random));
                }
                yield new StartupPacket.Startup(0x30000 | random.nextInt(3), parameters);
            }
            case 1 -> {
                var secret = new byte[1 + random.nextInt(256)];
                random.nextBytes(secret);
                yield new StartupPacket.Cancel(random.nextInt(), secret);
            }
            case 2 -> new StartupPacket.SslRequest();
            case 3 -> new StartupPacket.GssRequest();
            default -> throw new IllegalArgumentException("no startup packet kind " + kind);
        };
    }

    /** Text of any characters but zero and half surrogate pairs. */
    static String text(Random random) {
        var text = new StringBuilder();
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++) {
            text.append(
                    switch (random.nextInt(4)) {
                        case 0 -> "\ud83d\ude00";
                        case 1 -> "ä";
                        case 2 -> "'";
                        default -> Character.toString(1 + random.nextInt(127));
                    });
        }
        return text.toString();
    }

    static byte[] bytes(Random random, int max) {
        var bytes = new byte[random.nextInt(max)];
        random.nextBytes(bytes);
        return bytes;
    }

    static byte[] encoded(FrontendMessage message) {
        ByteBuf out = Unpooled.buffer();
        FrontendCodec.encode(message, out);
        return ByteBufUtil.getBytes(out);
    }

    static byte[] encoded(StartupPacket packet) {
        ByteBuf out = Unpooled.buffer();
        FrontendCodec.encodeStartup(packet, out);
        return ByteBufUtil.getBytes(out);
    }
}
