package dev.pando.rehearse.traffic;

import java.util.List;

/**
 * What clients do.
 *
 * @param words for the reader
 * @param scripts one for each client
 */
public record Traffic(String words, List<Script> scripts) {
    public Traffic {
        scripts = List.copyOf(scripts);
    }
}
