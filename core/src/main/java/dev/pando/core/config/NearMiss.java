package dev.pando.core.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Guesses which key or command was meant. */
public final class NearMiss {
    /** What users of other poolers write. */
    private static final Map<String, ConfigKey> ELSEWHERE = Map.ofEntries(
            Map.entry("listen_addr", ConfigKey.LISTEN_HOST),
            Map.entry("listen_address", ConfigKey.LISTEN_HOST),
            Map.entry("listen_addresses", ConfigKey.LISTEN_HOST),
            Map.entry("listen_port", ConfigKey.LISTEN_PORT),
            Map.entry("max_client_conn", ConfigKey.LISTEN_MAX_CLIENTS),
            Map.entry("max_connections", ConfigKey.LISTEN_MAX_CLIENTS),
            Map.entry("default_pool_size", ConfigKey.POOL_SIZE),
            Map.entry("pool_size", ConfigKey.POOL_SIZE),
            Map.entry("query_wait_timeout", ConfigKey.POOL_QUEUE_TIMEOUT),
            Map.entry("server_idle_timeout", ConfigKey.POOL_IDLE_TIMEOUT),
            Map.entry("server_connect_timeout", ConfigKey.POOL_CONNECT_TIMEOUT),
            Map.entry("client_login_timeout", ConfigKey.LIMITS_LOGIN_TIMEOUT),
            Map.entry("min_pool_size", ConfigKey.POOL_MIN_SIZE),
            Map.entry("reserve_pool_size", ConfigKey.POOL_RESERVE_SIZE),
            Map.entry("reserve_pool_timeout", ConfigKey.POOL_RESERVE_TIMEOUT),
            Map.entry("max_db_connections", ConfigKey.POOL_MAX_DATABASE_CONNECTIONS),
            Map.entry("max_db_client_connections", ConfigKey.LISTEN_MAX_DATABASE_CLIENTS),
            Map.entry("max_user_client_connections", ConfigKey.LISTEN_MAX_USER_CLIENTS),
            Map.entry("server_lifetime", ConfigKey.POOL_LIFETIME),
            Map.entry("server_check_delay", ConfigKey.POOL_CHECK_DELAY),
            Map.entry("server_login_retry", ConfigKey.POOL_LOGIN_RETRY),
            Map.entry("server_round_robin", ConfigKey.POOL_ROUND_ROBIN),
            Map.entry("server_fast_close", ConfigKey.POOL_FAST_CLOSE),
            Map.entry("query_wait_notify", ConfigKey.POOL_QUEUE_NOTICE),
            Map.entry("query_timeout", ConfigKey.TIMEOUTS_QUERY),
            Map.entry("client_idle_timeout", ConfigKey.TIMEOUTS_CLIENT_IDLE),
            Map.entry("idle_transaction_timeout", ConfigKey.TIMEOUTS_IDLE_TRANSACTION),
            Map.entry("transaction_timeout", ConfigKey.TIMEOUTS_TRANSACTION),
            Map.entry("cancel_wait_timeout", ConfigKey.TIMEOUTS_CANCEL_WAIT),
            Map.entry("listen_backlog", ConfigKey.LISTEN_BACKLOG),
            Map.entry("tcp_keepalive", ConfigKey.NETWORK_KEEPALIVE),
            Map.entry("tcp_keepidle", ConfigKey.NETWORK_KEEPALIVE_IDLE),
            Map.entry("tcp_keepintvl", ConfigKey.NETWORK_KEEPALIVE_INTERVAL),
            Map.entry("tcp_keepcnt", ConfigKey.NETWORK_KEEPALIVE_COUNT),
            Map.entry("tcp_user_timeout", ConfigKey.NETWORK_USER_TIMEOUT),
            Map.entry("max_packet_size", ConfigKey.LIMITS_MAX_MESSAGE_BYTES));

    private NearMiss() {}

    /** The one candidate that differs from {@code word} by a slip or two; null when none does. */
    public static @Nullable String closest(String word, Collection<String> candidates) {
        String best = null;
        int bestDistance = Math.max(1, word.length() / 3) + 1;
        for (String candidate : candidates) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    static String hintForKey(String word, Section section) {
        String sibling = closest(
                word, ConfigKey.of(section).stream().map(ConfigKey::title).toList());
        if (sibling != null) {
            return "; did you mean \"" + sibling + "\"?";
        }
        for (ConfigKey key : ConfigKey.values()) {
            if (key.title().equals(word) && !key.section().list()) {
                return key.section() == Section.TOP
                        ? "; it belongs to the top of the file, before the first section"
                        : "; it belongs to " + key.section().header();
            }
        }
        ConfigKey alias = ELSEWHERE.get(word.toLowerCase(Locale.ROOT));
        return alias == null ? "" : "; here it is called " + alias.fullName();
    }

    /** Edits (insert, delete, replace, swap of neighbours) that turn one word into the other. */
    static int distance(String one, String two) {
        int[][] edits = new int[one.length() + 1][two.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= two.length(); j++) {
                edits[i][j] = i == 0 ? j : j == 0 ? i : step(edits, one, two, i, j);
            }
        }
        return edits[one.length()][two.length()];
    }

    private static int step(int[][] edits, String one, String two, int i, int j) {
        int replace = edits[i - 1][j - 1] + (one.charAt(i - 1) == two.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replace, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        boolean swapped =
                i > 1 && j > 1 && one.charAt(i - 1) == two.charAt(j - 2) && one.charAt(i - 2) == two.charAt(j - 1);
        return swapped ? Math.min(best, edits[i - 2][j - 2] + 1) : best;
    }
}
