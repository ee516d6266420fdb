package dev.pando.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What a fleet takes from its machine, so that tests can bring it into rare situations.
 *
 * @param followCheck how often is looked whether standbys follow
 * @param followLimit how long a running standby may not follow before it is copied anew
 */
record Surroundings(
        FreeSpace freeSpace, InstantSource clock, RestartPolicy restarts, Duration followCheck, Duration followLimit) {
    /** Free bytes of the file system that holds a folder. */
    interface FreeSpace {
        long bytes(Path folder) throws IOException;
    }

    static Surroundings usual() {
        return new Surroundings(
                folder -> Files.getFileStore(folder).getUsableSpace(),
                InstantSource.system(),
                RestartPolicy.USUAL,
                Duration.ofSeconds(2),
                Duration.ofMinutes(1));
    }
}
