package dev.pando.core.sight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.core.sight.Watched.Client;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TraceParentTest {
    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String SAMPLED = "00-" + ID + "-" + SPAN + "-01";

    private static TraceParent in(String sql) {
        TraceParent found = new TraceParent();
        found.find(sql.getBytes(StandardCharsets.UTF_8));
        return found;
    }

    @Test
    void aCommentAtEitherEndTellsIt() {
        for (String sql : new String[] {
            "SELECT 1 /*traceparent='" + SAMPLED + "'*/",
            "SELECT 1 /*action='x',traceparent='" + SAMPLED + "',tracestate='a%3D1'*/ ;\n",
            "/* traceparent='" + SAMPLED + "' */ SELECT 1",
            "/*db_driver='d',traceparent='" + SAMPLED + "'*/SELECT 1 /* end */",
        }) {
            TraceParent found = in(sql);
            assertThat(found.known()).as(sql).isTrue();
            assertThat(found.trace()).isEqualTo(ID);
            assertThat(found.parent()).isEqualTo(SPAN);
        }
    }

    @Test
    void everythingElseIsNone() {
        for (String sql : new String[] {
            "",
            "SELECT 1",
            "SELECT 'traceparent=' /* */",
            "SELECT '/*traceparent=''" + SAMPLED + "''*/'",
            "SELECT 1 /*traceparent='" + SAMPLED.substring(0, 54) + "'*/",
            "SELECT 1 /*traceparent='" + SAMPLED.replace('4', 'g') + "'*/",
            "SELECT 1 /*traceparent='01" + SAMPLED.substring(2) + "'*/",
            "SELECT 1 /*traceparent='00-" + "0".repeat(32) + "-" + SPAN + "-01'*/",
            "SELECT 1 /*traceparent='00-" + ID + "-" + "0".repeat(16) + "-01'*/",
            "*/",
            "/*",
            "/**/",
            "/*traceparent='*/",
            "traceparent='*/"
        }) {
            assertThat(in(sql).known()).as(sql).isFalse();
        }
    }

    @Test
    void whatItsCallerDoesNotRecordIsNotRecordedHere() {
        assertThat(in("SELECT 1 /*traceparent='" + SAMPLED.replace("-01", "-00") + "'*/")
                        .known())
                .isFalse();
        assertThat(in("SELECT 1 /*traceparent='" + SAMPLED.replace("-01", "-03") + "'*/")
                        .known())
                .isTrue();
    }

    @Test
    void theStatementsOwnGoesBeforeTheSessions() {
        Watched watched = new Watched(new SightSettings(true, 100, -1, true, 10, 0));
        Client client = watched.client();
        client.runs("SELECT 1", 1, 1);
        client.runs("SET pando.traceparent = '" + SAMPLED.replace(SPAN, "1111111111111111") + "'", 1, 0);
        client.runs("SELECT 1", 1, 1);
        client.runs("SELECT 1 /*traceparent='" + SAMPLED + "'*/", 1, 1);
        client.runs("SET pando.traceparent = ''", 1, 1);
        client.runs("SELECT 1", 1, 1);
        // The SET itself belongs to it, too.
        String session = "traced " + ID + " 1111111111111111";
        assertThat(watched.told()).containsExactly(session, session, "traced " + ID + " " + SPAN);
    }
}
