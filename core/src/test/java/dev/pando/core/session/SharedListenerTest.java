package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.ServerLink;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SharedListenerTest implements SharedListener.Port, ServerLink.Wire {
    private final List<String> log = new ArrayList<>();
    private final SharedListener shared = new SharedListener("main", this);
    private ServerLink link = new ServerLink(ShardId.HOME, this);
    private final Ear first = new Ear("first");
    private final Ear second = new Ear("second");

    private final class Ear implements SharedListener.Subscriber {
        private final String name;

        Ear(String name) {
            this.name = name;
        }

        @Override
        public void notified(Notification notification) {
            log.add(name + " hears " + notification.channel() + " " + notification.payload());
        }

        @Override
        public void lost(PandoException reason) {
            log.add(name + " loses " + reason.error());
        }

        void listen(String... channels) {
            shared.listen(
                    this,
                    List.of(channels),
                    error -> log.add(name + (error == null ? " listens" : " is refused " + error.sqlState())));
        }
    }

    @Override
    public ByteBufAllocator allocator() {
        return UnpooledByteBufAllocator.DEFAULT;
    }

    @Override
    public void open() {
        log.add("open");
    }

    @Override
    public void close() {
        log.add("close");
    }

    @Override
    public void write(ByteBuf message) {
        log.add("> " + message.toString(5, message.readableBytes() - 6, StandardCharsets.UTF_8));
        message.release();
    }

    @Override
    public void flush() {
        // nothing is kept back
    }

    @Override
    public void reading(boolean on) {
        // always
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void cancel(Consumer<Boolean> over) {
        log.add("cancel");
    }

    @Override
    public void breakOff(PandoException reason) {
        log.add("broken off");
    }

    private List<String> said() {
        List<String> all = List.copyOf(log);
        log.clear();
        return all;
    }

    private void ready() {
        ByteBuf frame = Unpooled.buffer();
        BackendMessages.readyForQuery(frame, (byte) 'I');
        link.message((byte) 'Z', frame);
    }

    private void notified(String channel, String payload) {
        ByteBuf frame = Unpooled.buffer();
        BackendMessages.notification(frame, 7, channel, payload);
        shared.notification(frame);
    }

    @Test
    void nobodyListensForWhoLeftBeforeTheConnectionWasThere() {
        first.listen("a");
        second.listen("b");
        shared.gone(first);
        shared.opened(link);
        assertThat(said()).containsExactly("open", "> LISTEN b");
    }

    @Test
    void oneConnectionServesAll() {
        first.listen("a", "b");
        second.listen("a");
        assertThat(said()).containsExactly("open");
        shared.opened(link);
        assertThat(said()).containsExactly("> LISTEN a; LISTEN b", "> LISTEN a");
        notified("a", "early");
        assertThat(said()).containsExactly("first hears a early", "second hears a early");
        ready();
        ready();
        assertThat(said()).containsExactly("first listens", "second listens");
        shared.unlisten(first, List.of("a", "b"));
        assertThat(said()).containsExactly("> UNLISTEN b");
        notified("a", "one");
        assertThat(said()).containsExactly("second hears a one");
        shared.gone(second);
        assertThat(said()).containsExactly("close");
    }

    @Test
    void whatWasNotifiedBeforeIsHeardBefore() {
        first.listen("a");
        shared.opened(link);
        ready();
        said();
        shared.heard(() -> log.add("heard"));
        shared.heard(() -> log.add("heard too"));
        assertThat(said()).containsExactly("> ;");
        notified("a", "x");
        ready();
        assertThat(said()).containsExactly("first hears a x", "> ;", "heard");
        ready();
        assertThat(said()).containsExactly("heard too");
    }

    @Test
    void aLossIsToldToEachListener() {
        first.listen("a");
        second.listen("b");
        shared.opened(link);
        ready();
        said();
        shared.heard(() -> log.add("heard"));
        said();
        link.lost("reset");
        shared.lost("reset");
        assertThat(said())
                .contains("second is refused 08006", "heard", "first loses " + PandoError.LISTENER_LOST)
                .doesNotContain("second loses " + PandoError.LISTENER_LOST);
        link = new ServerLink(ShardId.HOME, this);
        first.listen("a");
        assertThat(said()).containsExactly("open");
    }

    @Test
    void aServerThatDoesNotAnswerIsLost() {
        first.listen("a");
        shared.opened(link);
        ready();
        said();
        shared.tick();
        ready();
        shared.tick();
        shared.tick();
        assertThat(said()).doesNotContain("close");
        shared.tick();
        assertThat(said()).contains("close", "first loses " + PandoError.LISTENER_LOST);
    }

    @Test
    void aRefusedListenIsNoListener() {
        first.listen("a");
        shared.failed(new PandoException(PandoError.SHARD_UNAVAILABLE, "main", "nowhere", "refused"));
        assertThat(said()).containsExactly("open", "first is refused 08006");
        first.listen("a");
        shared.opened(link);
        ByteBuf frame = Unpooled.buffer();
        ErrorFields.of("ERROR", "25006", "cannot execute LISTEN during recovery")
                .encode('E', frame);
        link.message((byte) 'E', frame);
        ready();
        assertThat(said()).contains("first is refused 25006", "close");
        notified("a", "unheard");
        assertThat(said()).isEmpty();
    }
}
