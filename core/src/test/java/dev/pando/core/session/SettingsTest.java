package dev.pando.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final String CHARACTERISTICS = "SET SESSION CHARACTERISTICS AS TRANSACTION ";

    @Test
    void sessionCharacteristicsAreParametersOfTheirOwn() {
        assertThat(Settings.characteristics(
                        CHARACTERISTICS + "isolation\n level /* not */ Repeatable  READ, READ ONLY"))
                .isEqualTo(Map.of(
                        "default_transaction_isolation", "SET default_transaction_isolation = 'repeatable read'",
                        "default_transaction_read_only", "SET default_transaction_read_only = on"));
        assertThat(Settings.characteristics(CHARACTERISTICS + "READ WRITE /* READ ONLY */, NOT DEFERRABLE"))
                .isEqualTo(Map.of(
                        "default_transaction_read_only", "SET default_transaction_read_only = off",
                        "default_transaction_deferrable", "SET default_transaction_deferrable = off"));
    }

    @Test
    void halfADateStyleDoesNotKeepTheOtherHalfOfWhoeverWasThere() {
        Map<String, String> wanted = Map.of("datestyle", "SET datestyle = 'ISO'");
        assertThat(Settings.difference(wanted, Map.of("datestyle", "SET datestyle = 'SQL, DMY'")))
                .containsExactly("RESET datestyle", "SET datestyle = 'ISO'");
        assertThat(Settings.difference(wanted, Map.of())).containsExactly("SET datestyle = 'ISO'");
        assertThat(Settings.difference(wanted, wanted)).isEmpty();
    }

    @Test
    void isolationIsThatOfTheLastChange() {
        Settings settings = new Settings();
        assertThat(settings.isolation()).isNull();
        settings.startup("default_transaction_isolation", "serializable");
        assertThat(settings.isolation()).isEqualTo("serializable");
        settings.set("default_transaction_isolation", "SET default_transaction_isolation TO 'Repeatable Read'");
        assertThat(settings.isolation()).isEqualTo("repeatable read");
        settings.set("default_transaction_isolation", "SET default_transaction_isolation = 'read committed'");
        assertThat(settings.isolation()).isEqualTo("read committed");
        settings.reset("default_transaction_isolation");
        assertThat(settings.isolation()).isEqualTo("serializable");
    }

    /** Whom the session has become may neither set compute_query_id nor take it back. */
    @Test
    void othersAreBroughtAsWhoHasLoggedIn() {
        Map<String, String> alice = Map.of("session_authorization", "SET SESSION AUTHORIZATION alice");
        Map<String, String> query = Map.of("compute_query_id", "SET compute_query_id = on");
        Map<String, String> role = Map.of("role", "SET ROLE alice");
        assertThat(Settings.difference(alice, query))
                .containsExactly(
                        "RESET SESSION AUTHORIZATION", "RESET compute_query_id", "SET SESSION AUTHORIZATION alice");
        assertThat(Settings.difference(query, role)).containsExactly("RESET role", "SET compute_query_id = on");
        assertThat(Settings.difference(role, query)).containsExactly("RESET compute_query_id", "SET ROLE alice");
        assertThat(Settings.difference(role, role)).isEmpty();
    }
}
