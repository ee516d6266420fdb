package dev.pando.acceptance.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RepositoryShapeTest {
    private static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());
    private static final List<String> MODULES = List.of(
            "base",
            "grammar",
            "core",
            "lab",
            "lint",
            "rehearse",
            "server",
            "bench",
            "cli",
            "testkit",
            "acceptance",
            "conformance",
            "jmh");
    private static final Set<String> PURE = Set.of("base", "core");

    /** What each module may depend on inside the project: downwards only. */
    private static final Map<String, Set<String>> DOWNWARDS = Map.of(
            "base", Set.of(),
            "grammar", Set.of("base"),
            "core", Set.of("base", "grammar"),
            "lab", Set.of("base"),
            "lint", Set.of("base", "grammar", "lab"),
            "rehearse", Set.of("base", "grammar", "lab", "lint"),
            "server", Set.of("core"),
            "bench", Set.of("base", "lab"),
            "cli", Set.of("server", "lab", "lint", "rehearse", "bench"));

    @Test
    void sourcesKeepTheRules() throws IOException {
        List<SourceRules.Source> sources = new ArrayList<>();
        for (Path file : sources()) {
            String name = ROOT.relativize(file).toString();
            boolean main = name.contains("/src/main/");
            boolean pure =
                    main && PURE.contains(ROOT.relativize(file).getName(0).toString());
            sources.add(new SourceRules.Source(name, Files.readString(file), pure, main));
        }

        List<String> violations = SourceRules.violations(sources);

        assertThat(violations).isEmpty();
    }

    @Test
    void plantedViolationsAreSeen() {
        String planted =
                """
                class Planted {
                    void many(int a, int b, int c, int d, int e, int f, int g, int h) {
                        try {
                            a++;
                        } catch (RuntimeException ignored) {
                        }
                        long now = System.nanoTime(); // TODO
                    }

                    void optional(Optional<String> text) {}

                    void endless() {
                %s    }
                }
                """.formatted("        ;\n".repeat(SourceRules.METHOD_LINES)) + "\n".repeat(SourceRules.FILE_LINES);

        assertThat(SourceRules.violations(List.of(new SourceRules.Source("Planted.java", planted, true, true))))
                .satisfiesExactlyInAnyOrder(
                        seen -> assertThat(seen).contains("at most 500"),
                        seen -> assertThat(seen).contains("many has 8 parameters"),
                        seen -> assertThat(seen).contains(":5: an empty catch"),
                        seen -> assertThat(seen).contains("System.nanoTime("),
                        seen -> assertThat(seen).contains("TODO is banned"),
                        seen -> assertThat(seen).contains("takes an Optional"),
                        seen -> assertThat(seen).contains("endless has 72 lines"));
    }

    @Test
    void modulesDependDownwards() throws IOException {
        Pattern inside = Pattern.compile(
                "<groupId>dev\\.pando</groupId><artifactId>([a-z]+)</artifactId>(<scope>test</scope>)?");
        for (Map.Entry<String, Set<String>> module : DOWNWARDS.entrySet()) {
            Matcher matcher = inside.matcher(
                    Files.readString(ROOT.resolve(module.getKey()).resolve("pom.xml")));
            while (matcher.find()) {
                String target = matcher.group(1);
                if (matcher.group(2) == null && !target.equals("pando")) {
                    assertThat(module.getValue())
                            .as(module.getKey() + " depends on " + target)
                            .contains(target);
                }
            }
        }
    }

    @Test
    void everyPackageIsNullMarked() throws IOException {
        List<Path> unmarked = new ArrayList<>();
        for (Path file : sources()) {
            Path info = file.resolveSibling("package-info.java");
            boolean inMain = file.toString().contains("/src/main/java/");
            if (inMain && !(Files.exists(info) && Files.readString(info).contains("@NullMarked"))) {
                unmarked.add(ROOT.relativize(file));
            }
        }

        assertThat(unmarked).isEmpty();
    }

    @Test
    void linksInDocumentsLeadSomewhere() throws IOException {
        Pattern page = Pattern.compile("(?<![\\w/.])(docs/[\\w-]+\\.(?:md|json)|[A-Z]+\\.md)");
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            Matcher matcher = page.matcher(Files.readString(document));
            while (matcher.find()) {
                if (!Files.exists(ROOT.resolve(matcher.group(1)))) {
                    broken.add(ROOT.relativize(document) + " -> " + matcher.group(1));
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    private static List<Path> sources() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String module : MODULES) {
            Path src = ROOT.resolve(module).resolve("src");
            if (Files.exists(src)) {
                try (Stream<Path> walk = Files.walk(src)) {
                    walk.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> !file.toString().contains("/acceptance/shape/"))
                            .forEach(files::add);
                }
            }
        }
        assertThat(files).hasSizeGreaterThan(300);
        return files;
    }

    private static List<Path> documents() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path folder : List.of(ROOT, ROOT.resolve("docs"))) {
            try (Stream<Path> list = Files.list(folder)) {
                list.filter(file -> file.toString().endsWith(".md")).forEach(files::add);
            }
        }
        return files;
    }
}
