package dev.pando.lint.rule;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All rules, in the order their findings are shown. */
public final class Rules {
    public static final List<Rule> ALL = List.of(
            new SyntaxError(),
            new StatementFails(),
            new NotJudged(),
            new ConcurrentlyInTransaction(),
            new OutsideTransaction(),
            new IndexNotConcurrently(),
            new DropIndexNotConcurrently(),
            new ReindexNotConcurrently(),
            new RefreshNotConcurrently(),
            new ConstraintValidatedUnderLock(),
            new SetNotNullScan(),
            new UniqueWithoutIndex(),
            new ColumnTypeRewrite(),
            new ColumnDefaultRewrite(),
            new AttachPartitionScan(),
            new DetachPartition(),
            new BlocksReads(),
            new BlocksWrites(),
            new ValidateWithAdd(),
            new LockHeldWhileWorking(),
            new BackfillUnderLock(),
            new SeveralExclusiveLocks(),
            new LocksOtherTable(),
            new UnboundedBackfill(),
            new CascadingChange(),
            new ForeignKeyWithoutIndex(),
            new InvalidIndexLeft(),
            new EnumValueUsed(),
            new Rename(),
            new DropColumn(),
            new DropObject(),
            new DropCascade(),
            new Truncate(),
            new NotNullWithoutDefault(),
            new LockTimeout(),
            new StatementTimeout(),
            new AllowUnused(),
            new AllowWithoutReason());

    public static final String ALLOW_UNUSED = new AllowUnused().text().id();
    public static final String ALLOW_WITHOUT_REASON =
            new AllowWithoutReason().text().id();

    /** What PostgreSQL refuses, and what nobody knows: a project cannot decide that it does not matter. */
    public static final Set<String> ALWAYS = Stream.of(
                    new SyntaxError(),
                    new StatementFails(),
                    new NotJudged(),
                    new ConcurrentlyInTransaction(),
                    new EnumValueUsed())
            .map(rule -> rule.text().id())
            .collect(Collectors.toUnmodifiableSet());

    private static final int TELLING = 4;

    private Rules() {}

    /** Those that share most words, or beginnings of words, with a name that no rule has. */
    public static List<String> near(String name) {
        List<String> words = Stream.of(name.toLowerCase(Locale.ROOT).split("[^a-z]+", -1))
                .filter(word -> word.length() >= TELLING)
                .map(word -> word.substring(0, TELLING))
                .toList();
        Map<String, Long> shared = new LinkedHashMap<>();
        for (Rule rule : ALL) {
            String id = "-" + rule.text().id();
            shared.put(
                    rule.text().id(),
                    words.stream().filter(word -> id.contains("-" + word)).count());
        }
        long most = Collections.max(shared.values());
        return shared.entrySet().stream()
                .filter(rule -> most > 0 && rule.getValue() == most)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What to say of a name that no rule has. */
    public static String unknown(String name) {
        List<String> near = near(name);
        return "There is no rule " + name
                + (near.isEmpty() ? "; pando lint rule lists all" : "; there is " + String.join(", ", near));
    }

    /** The rule's page of the manual, in Markdown. */
    public static String page(String id) {
        try (InputStream page = Rules.class.getResourceAsStream("/dev/pando/lint/rules/" + id + ".md")) {
            return new String(Objects.requireNonNull(page, id).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Optional<Rule> of(String id) {
        return ALL.stream().filter(rule -> rule.text().id().equals(id)).findFirst();
    }
}
