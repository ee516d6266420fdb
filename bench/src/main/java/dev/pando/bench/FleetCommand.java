package dev.pando.bench;

import picocli.CommandLine.Command;

/** {@code pando bench fleet}: what sharding costs and bears. Each part starts all it needs itself and leaves nothing. */
@Command(
        name = "fleet",
        description =
                "Measure Pando before shards: load, cost of routing, cost by number of shards, and a soak. Each part starts all"
                        + " it needs itself and leaves nothing.",
        subcommands = {
            FleetLoadCommand.class,
            FleetRoutingCommand.class,
            FleetCurveCommand.class,
            FleetSoakCommand.class
        },
        mixinStandardHelpOptions = true)
final class FleetCommand {}
