package dev.pando.rehearse.traffic;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Reads files of traffic: what a file is shows in how it begins. */
public final class TrafficReader {
    private static final long MOST_BYTES = 256L << 20;
    private static final Pattern LOG_TIME =
            Pattern.compile("\\A\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{3})? [A-Za-z0-9+:-]+(.)");

    private TrafficReader() {}

    public static TrafficFile read(Path file, Pace pace) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new PandoException(PandoError.REHEARSE_INPUT, file, "there is no such file");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new PandoException(PandoError.REHEARSE_INPUT, file, "more than " + (MOST_BYTES >> 20) + " MB");
        }
        try {
            return of(file.toString(), Files.readString(file), pace);
        } catch (MalformedInputException e) {
            throw PandoException.causedBy(e, PandoError.REHEARSE_INPUT, file, "it is not UTF-8");
        }
    }

    private static TrafficFile of(String name, String text, Pace pace) {
        var time = LOG_TIME.matcher(text);
        if (time.lookingAt() && !time.group(1).equals(",")) {
            throw new PandoException(
                    PandoError.REHEARSE_INPUT,
                    name,
                    "a log of log_destination stderr cannot be taken apart: use csvlog or jsonlog");
        }
        if (time.lookingAt()) {
            return Replay.of(name, ServerLog.csv(name, text), pace);
        }
        return text.startsWith("{") ? Replay.of(name, ServerLog.json(name, text), pace) : Drawn.of(name, text, pace);
    }
}
