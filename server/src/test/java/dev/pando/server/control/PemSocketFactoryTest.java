package dev.pando.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.core.config.PandoConfig;
import dev.pando.core.config.SslMode;
import java.security.GeneralSecurityException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Settings of TLS as they reach pgjdbc's factory of sockets. */
class PemSocketFactoryTest {
    private static String packed(SslMode mode) {
        return PemSocketFactory.packed(new PandoConfig.ServerTls(mode, null, null, null, PandoConfig.Suite.STANDARD));
    }

    @Test
    void whoVerifiesWithoutAnAuthorityTrustsNobody() {
        for (SslMode mode : List.of(SslMode.VERIFY_CA, SslMode.VERIFY_FULL)) {
            assertThatThrownBy(() -> new PemSocketFactory(packed(mode)))
                    .isInstanceOf(GeneralSecurityException.class)
                    .hasMessageContaining("no authority");
        }
    }

    @Test
    void whoDoesNotVerifyNeedsNone() throws Exception {
        assertThat(new PemSocketFactory(packed(SslMode.REQUIRE)).getDefaultCipherSuites())
                .isNotEmpty();
    }
}
