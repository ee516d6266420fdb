package dev.pando.core.hba;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Files of access rules, whatever is in them. docs/fuzzing.md tells how to look for more. */
class AccessRulesFuzzTest {
    /** A line is a rule or a flaw that names it: no line that begins like a rule is passed over, which could let somebody in. */
    @FuzzTest
    void lines(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        RuleFiles files = new RuleFiles() {
            @Override
            public String text(String path) throws NoSuchFileException {
                if (path.equals("hba")) {
                    return text;
                }
                throw new NoSuchFileException(path);
            }

            @Override
            public List<String> names(String folder) {
                return List.of();
            }
        };
        List<Flaw> flaws = new ArrayList<>();
        AccessRules rules = AccessRules.read("hba", null, files, flaws);
        Set<Integer> seen = flaws.stream().map(Flaw::line).collect(Collectors.toSet());
        rules.rules().forEach(rule -> seen.add(rule.line().number()));
        String[] lines = text.split("\\R", -1);
        for (int i = 0; i < lines.length; i++) {
            boolean own = i == 0 || !lines[i - 1].endsWith("\\");
            boolean rule = lines[i].startsWith("host") || lines[i].startsWith("local");
            check(!own || !rule || seen.contains(i + 1), "line " + (i + 1) + " is passed over");
        }
        check(seen.stream().allMatch(line -> line >= 1 && line <= lines.length), "lines " + seen);
        check(AccessRules.read("hba", null, files, new ArrayList<>()).equals(rules), "read again, they differ");
    }

    private static void check(boolean holds, String finding) {
        if (!holds) {
            throw new AssertionError(finding);
        }
    }
}
