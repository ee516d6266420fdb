package dev.pando.lab;

import java.io.IOException;

/** PostgreSQL's binaries and the way to run them on this machine. */
record Programs(Launcher launcher, Cache cache, Binaries binaries) {
    static Programs ofThisMachine() throws IOException, InterruptedException {
        return ofThisMachine(Major.newest());
    }

    /** Unpacks the binaries first if that has not been done. */
    static Programs ofThisMachine(Major major) throws IOException, InterruptedException {
        Launcher launcher = Launcher.ofThisMachine();
        return of(launcher, Cache.ofUser(launcher), major);
    }

    static Programs of(Launcher launcher, Cache cache, Major major) throws IOException, InterruptedException {
        Binaries binaries = Binaries.unpacked(cache, major);
        launcher.requireReachable(binaries.home());
        return new Programs(launcher, cache, binaries);
    }
}
