package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.wire.BackendMessages;
import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.ServerLink;
import dev.pando.core.link.Unheard;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** Which connections another session may have. */
class ServerLinkTest {
    /** As after a function that ran DEALLOCATE ALL: what is noted as prepared is not. */
    @Test
    void aConnectionThatLostAStatementOfOursIsNotUsedAgain() {
        assertThat(reusableAfter("prepared statement \"pando_17ce0aab\" does not exist"))
                .isFalse();
        assertThat(reusableAfter("prepared statement \"mine\" does not exist")).isTrue();
    }

    private static boolean reusableAfter(String refusal) {
        ServerLink link = new SilentServer(0).link();
        link.exchange(Unpooled.buffer(), new Unheard());
        ByteBuf error = Unpooled.buffer();
        ErrorFields.of("ERROR", "26000", refusal).encode('E', error);
        link.message((byte) 'E', error);
        ByteBuf ready = Unpooled.buffer();
        BackendMessages.readyForQuery(ready, (byte) 'I');
        link.message((byte) 'Z', ready);
        return link.reusable();
    }
}
