package dev.pando.core.hba;

import java.io.IOException;
import java.util.List;

/** Where the text of rule files comes from. Paths are as written by whoever names the file. */
public interface RuleFiles {
    /** Throws NoSuchFileException when there is none. */
    String text(String path) throws IOException;

    /** The names of a folder's entries. */
    List<String> names(String folder) throws IOException;
}
