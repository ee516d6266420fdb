package dev.pando.acceptance.shape;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** What a source file must not be or hold; reads it with the compiler's own parser. */
final class SourceRules {
    static final int FILE_LINES = 500;
    /** One list of entries that say the same in the same order: looked up, not read. */
    private static final String CATALOGUE = "PandoError.java";

    static final int METHOD_LINES = 70;
    static final int PARAMETERS = 7;

    /** Banned everywhere, with what to use instead. */
    private static final Map<String, String> BANNED = Map.of(
            "printStackTrace()", "log it, or let it pass",
            "new RuntimeException(", "PandoException with an entry of PandoError",
            "@Disabled", "mend the test or delete it",
            "TODO", "do it, or open an issue",
            "FIXME", "do it, or open an issue");

    /** Banned in packages that decide and do no I/O. */
    private static final Map<String, String> BANNED_IN_PURE = Map.of(
            "Instant.now(", "take the time as an argument",
            "System.nanoTime(", "take the time as an argument",
            "System.currentTimeMillis(", "take the time as an argument",
            "Thread.sleep(", "return an action with a time",
            "new Random(", "take the randomness as an argument",
            "LoggerFactory", "return what is to be logged");

    private SourceRules() {}

    /** A file: {@code pure} in packages without I/O, {@code main} when it ships. */
    record Source(String name, String text, boolean pure, boolean main) {}

    /** Violations, each with its file and line. */
    static List<String> violations(List<Source> sources) {
        List<String> found = new ArrayList<>();
        for (Source source : sources) {
            long lines = source.text().lines().count();
            if (lines > FILE_LINES && !source.name().endsWith(CATALOGUE)) {
                found.add(source.name() + ": " + lines + " lines, at most " + FILE_LINES);
            }
            banned(source.name(), source.text(), BANNED, found);
            if (source.pure()) {
                banned(source.name(), source.text(), BANNED_IN_PURE, found);
            }
        }
        walk(sources, found);
        return found;
    }

    /** One run of the parser over all files: setting it up costs more than a file does. */
    private static void walk(List<Source> sources, List<String> found) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<InMemory> files = sources.stream().map(InMemory::new).toList();
        JavacTask task = (JavacTask) compiler.getTask(null, null, diagnostic -> {}, null, null, files);
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        Map<URI, Source> byUri = files.stream().collect(Collectors.toMap(InMemory::toUri, file -> file.source));
        try {
            for (CompilationUnitTree unit : task.parse()) {
                Source source =
                        Objects.requireNonNull(byUri.get(unit.getSourceFile().toUri()));
                new Walk(source, unit, positions, found).scan(unit, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void banned(String name, String source, Map<String, String> banned, List<String> found) {
        List<String> lines = source.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            for (Map.Entry<String, String> entry : banned.entrySet()) {
                if (lines.get(i).contains(entry.getKey())) {
                    found.add(name + ":" + (i + 1) + ": " + entry.getKey() + " is banned: " + entry.getValue());
                }
            }
        }
    }

    private static final class Walk extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final Source source;
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;

        Walk(Source source, CompilationUnitTree unit, SourcePositions positions, List<String> found) {
            this.source = source;
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            BlockTree body = method.getBody();
            if (body != null) {
                long length =
                        line(positions.getEndPosition(unit, body)) - line(positions.getStartPosition(unit, body)) + 1;
                if (length > METHOD_LINES) {
                    found.add(at(method) + method.getName() + " has " + length + " lines, at most " + METHOD_LINES);
                }
            }
            boolean constructor = method.getName().contentEquals("<init>");
            if (method.getParameters().size() > PARAMETERS && !(constructor && inRecord())) {
                found.add(at(method) + method.getName() + " has "
                        + method.getParameters().size() + " parameters");
            }
            boolean optional = method.getParameters().stream()
                    .map(parameter -> String.valueOf(parameter.getType()))
                    .anyMatch(type -> type.startsWith("Optional<"));
            if (optional && source.main() && !(constructor && inRecord())) {
                found.add(at(method) + method.getName() + " takes an Optional: use @Nullable or two methods");
            }
            return super.visitMethod(method, null);
        }

        private boolean inRecord() {
            return getCurrentPath().getParentPath().getLeaf() instanceof ClassTree type
                    && type.getKind() == com.sun.source.tree.Tree.Kind.RECORD;
        }

        @Override
        public @Nullable Void visitCatch(CatchTree caught, @Nullable Void nothing) {
            BlockTree block = caught.getBlock();
            int start = (int) positions.getStartPosition(unit, block);
            int end = (int) positions.getEndPosition(unit, block);
            boolean explained = source.text().substring(start, end).contains("//");
            if (block.getStatements().isEmpty() && !explained) {
                found.add(at(caught) + "an empty catch");
            }
            return super.visitCatch(caught, null);
        }

        private String at(com.sun.source.tree.Tree tree) {
            return source.name() + ":" + line(positions.getStartPosition(unit, tree)) + ": ";
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }

    private static final class InMemory extends SimpleJavaFileObject {
        private final Source source;

        InMemory(Source source) {
            super(URI.create("memory:///" + source.name()), JavaFileObject.Kind.SOURCE);
            this.source = source;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source.text();
        }
    }
}
