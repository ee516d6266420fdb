package dev.pando.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FleetStateTest {
    private static final ServerName PRIMARY = new ServerName(0, 0);
    private static final ServerName STANDBY = new ServerName(1, 2);

    @Test
    void isReadAsItWasWritten() throws IOException {
        FleetState state = FleetState.fresh(2, 2)
                .withPorts(Map.of(PRIMARY, 15_001, STANDBY, 15_002))
                .withCreated(STANDBY);
        assertThat(FleetState.parse(state.render())).isEqualTo(state);
        assertThat(state.render()).contains("shard-0/primary.port=15001", "shard-1/replica-2.created=true");
    }

    @Test
    void namesItsServersShardByShard() {
        assertThat(FleetState.fresh(2, 1).servers().stream().map(ServerName::toString))
                .containsExactly("shard 0 primary", "shard 0 replica 1", "shard 1 primary", "shard 1 replica 1");
    }

    @Test
    void tellsWhatIsWrong() {
        assertThatThrownBy(() -> FleetState.parse("\u0000\u0000")).hasMessageContaining("has format none");
        assertThatThrownBy(() -> FleetState.parse("format=2\n")).hasMessageContaining("format 2");
        assertThatThrownBy(() -> FleetState.parse("format=1\nreplicas=1\n")).hasMessageContaining("shards is missing");
        assertThatThrownBy(() -> FleetState.parse("format=1\nshards=1\nreplicas=0\nshard-0/primary.port=99999\n"))
                .hasMessageContaining("shard-0/primary.port is 99999");
    }
}
