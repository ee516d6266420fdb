import com.dylibso.chicory.build.time.compiler.Config;
import com.dylibso.chicory.build.time.compiler.Generator;
import com.dylibso.chicory.compiler.InterpreterFallback;
import java.nio.file.Path;

/**
 * Compiles a WebAssembly module to Java classes; run by the build as a source file.
 *
 * <p>Arguments: the module, the name of the classes, the folder they go to. Fails if a function is too large for the JVM.
 */
final class CompileWasm {
    private CompileWasm() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[2]);
        var generator = new Generator(Config.builder()
                .withWasmFile(Path.of(arguments[0]))
                .withName(arguments[1])
                .withTargetClassFolder(folder)
                .withTargetSourceFolder(folder)
                .withTargetWasmFolder(folder)
                .withInterpreterFallback(InterpreterFallback.FAIL)
                .build());
        generator.generateMetaWasm(generator.generateResources());
    }
}
