package dev.pando.base.error;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/** What went wrong with a file or a host, in the operating system's words: Java's messages are often its name alone. */
public final class IoProblem {
    private IoProblem() {}

    public static String line(IOException e) {
        return switch (e) {
            case FileSystemException file
            when file.getReason() == null && file.getOtherFile() == null -> file.getFile() + ": " + why(file);
            case UnknownHostException host -> host.getMessage() + ": no such host";
            case CharacterCodingException text -> "text that is not UTF-8: " + text.getMessage();
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }

    public static String line(UncheckedIOException e) {
        return line(Objects.requireNonNull(e.getCause()));
    }

    private static String why(FileSystemException e) {
        return switch (e) {
            case NoSuchFileException missing -> "No such file or directory";
            case AccessDeniedException denied -> "Permission denied";
            case FileAlreadyExistsException there -> "File exists";
            case NotDirectoryException file -> "Not a directory";
            case DirectoryNotEmptyException full -> "Directory not empty";
            case FileSystemLoopException loop -> "Too many levels of symbolic links";
            default -> e.getClass().getSimpleName();
        };
    }
}
