package dev.pando.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code pando --version} prints. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "pando " + dev.pando.base.Version.number() + " (Java "
                    + Runtime.version().feature() + ")"
        };
    }
}
