package dev.pando.core.session;

import dev.pando.base.wire.ErrorFields;
import dev.pando.core.link.Injected;
import dev.pando.core.topology.ShardId;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Tries the settings of a startup packet on home, and asks what parameters are then. */
final class LoginTrial {
    private LoginTrial() {}

    static void run(
            Leases leases,
            Collection<String> parameters,
            Consumer<Map<String, String>> entered,
            Consumer<ErrorFields> refused) {
        Consumer<Failure> failed = failure -> {
            ErrorFields error = failure.error();
            refused.accept(error == null ? ErrorFields.of("FATAL", "XX000", "the server refused the settings") : error);
        };
        leases.with(
                ShardId.HOME,
                link -> Injected.run(link, Look.values(parameters), result -> {
                    ErrorFields error = result.error();
                    if (error != null) {
                        failed.accept(new Failure(error));
                        return;
                    }
                    Map<String, String> values = new LinkedHashMap<>();
                    result.rows()
                            .forEach(row -> values.put(String.valueOf(row.getFirst()), String.valueOf(row.get(1))));
                    entered.accept(values);
                }),
                failed);
    }
}
