package dev.pando.server.admin;

import dev.pando.core.config.PandoConfig;
import dev.pando.core.hba.HbaRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules for logins as PostgreSQL shows its own in pg_hba_file_rules. */
final class RuleTable {
    private static final List<String> COLUMNS = List.of(
            "#rule_number",
            "file_name",
            "#line_number",
            "type",
            "database",
            "user_name",
            "address",
            "netmask",
            "auth_method",
            "options");

    private final AdminView view;

    RuleTable(AdminView view) {
        this.view = view;
    }

    /** None when there is no file. */
    AdminResult rules() {
        PandoConfig.Rules rules = view.config().auth().rules();
        List<List<@Nullable Object>> rows = new ArrayList<>();
        if (rules != null) {
            for (HbaRule rule : rules.access().rules()) {
                rows.add(row(rows.size() + 1, rule));
            }
        }
        return AdminResult.typed(COLUMNS, rows);
    }

    private static List<@Nullable Object> row(int number, HbaRule rule) {
        HbaRule.Line line = rule.line();
        return PoolerTables.row(
                number,
                line.file(),
                line.number(),
                rule.kind().word(),
                String.join(",", line.databases()),
                String.join(",", line.users()),
                line.address().isEmpty() ? null : line.address(),
                line.mask().isEmpty() ? null : line.mask(),
                rule.method().word(),
                options(rule.options()));
    }

    private static @Nullable String options(HbaRule.Options options) {
        List<String> words = new ArrayList<>();
        if (options.map() != null) {
            words.add("map=" + options.map());
        }
        switch (options.certificate()) {
            case ANY -> {
                // nothing is asked for
            }
            case VERIFIED -> words.add("clientcert=verify-ca");
            case OF_THE_USER -> words.add("clientcert=verify-full");
        }
        if (options.distinguishedName()) {
            words.add("clientname=DN");
        }
        return words.isEmpty() ? null : String.join(",", words);
    }
}
