package dev.pando.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.base.error.PandoError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every call that docs/sharding.md shows is possible, and every function and error is on the page. */
class ShardingPageCallsTest {
    private static final Pattern CALL = Pattern.compile("(?m)^SELECT pando\\.(\\w+)\\((.*)\\);$");
    private static final Pattern ARGUMENT = Pattern.compile("(?:\"?([\\w.]+)\"? => )?(?:'([^']*)'|(\\d+))");

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "sharding.md"));
    }

    private static List<NamedArgument> arguments(String text) {
        List<NamedArgument> arguments = new ArrayList<>();
        Matcher argument = ARGUMENT.matcher(text);
        while (argument.find()) {
            String value = argument.group(2) == null ? argument.group(3) : argument.group(2);
            arguments.add(new NamedArgument(argument.group(1), value));
        }
        return arguments;
    }

    @Test
    void shownCallsWork() throws IOException, SQLException {
        try (TestFleet fleet = TestFleet.of(4);
                ControlPlane plane = fleet.start()) {
            fleet.everywhere("CREATE TABLE users (id uuid PRIMARY KEY, name text);"
                    + "CREATE TABLE messages (user_id uuid REFERENCES users, n int, body text, PRIMARY KEY (user_id, n));"
                    + "CREATE TABLE settings (k text PRIMARY KEY, v text);"
                    + "CREATE TABLE orders (tenant_id bigint, country text); CREATE TABLE visits (region text)");
            Matcher call = CALL.matcher(page());
            int calls = 0;
            while (call.find()) {
                String function = call.group(1);
                List<NamedArgument> arguments = arguments(call.group(2));
                String table = String.valueOf(arguments.getFirst().value());
                if (function.equals("distribute") && !table.equals("messages")) {
                    fleet.everywhere("DROP TABLE " + table + " CASCADE; CREATE TABLE " + table
                            + " (id uuid, name text, tenant_id bigint, country text, region text)");
                    TestFleet.await(plane.refresh());
                }
                CallResult result = TestFleet.await(plane.call("app", function, arguments));
                assertThat(result.rows()).as(call.group()).isNotEmpty();
                calls++;
            }
            assertThat(calls).isGreaterThanOrEqualTo(13);
        }
    }

    @Test
    void functionsAndErrorsAreAllThere() throws IOException {
        String page = page();
        for (String function : Functions.NAMES) {
            assertThat(page).contains("pando." + function + "(");
        }
        for (PandoError error : PandoError.values()) {
            if (error.id().startsWith("PD60")) {
                assertThat(page).contains("| " + error.id() + " |");
            }
        }
    }
}
