import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Gives the classes of a jar that were compiled for Java 5 the format of Java 8, and changes nothing else: with the types at branch targets
 * written down Java checks them in one pass and can keep them in its AOT cache, which it does not do for older ones. For picocli that is a
 * tenth of a second of each start. Run by the build: java NewerClasses.java JAR
 */
final class NewerClasses {
    private static final int FIRST_WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;

    private NewerClasses() {}

    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]);
        Path made = Path.of(args[0] + ".new");
        try (URLClassLoader itself = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                JarFile from = new JarFile(jar.toFile());
                OutputStream file = Files.newOutputStream(made);
                ZipOutputStream to = new ZipOutputStream(file)) {
            ClassFile format = ClassFile.of(
                    StackMapsOption.GENERATE_STACK_MAPS,
                    ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofClassLoading(itself)));
            for (JarEntry entry : Collections.list(from.entries())) {
                byte[] bytes = from.getInputStream(entry).readAllBytes();
                ZipEntry next = new ZipEntry(entry.getName());
                next.setTime(entry.getTime());
                to.putNextEntry(next);
                to.write(entry.getName().endsWith(".class") ? newer(format, bytes) : bytes);
                to.closeEntry();
            }
        }
        Files.setLastModifiedTime(made, Files.getLastModifiedTime(jar));
        Files.move(made, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] newer(ClassFile format, byte[] bytes) {
        ClassModel model = format.parse(bytes);
        if (model.majorVersion() >= FIRST_WITH_STACK_MAPS) {
            return bytes;
        }
        ClassFileVersion version = ClassFileVersion.of(ClassFile.JAVA_8_VERSION, 0);
        // Method bodies are put together anew, or their stack maps would not be made.
        return format.transformClass(
                model,
                ClassTransform.dropping(ClassFileVersion.class::isInstance)
                        .andThen(ClassTransform.transformingMethodBodies(CodeBuilder::with))
                        .andThen(ClassTransform.endHandler(builder -> builder.with(version))));
    }
}
