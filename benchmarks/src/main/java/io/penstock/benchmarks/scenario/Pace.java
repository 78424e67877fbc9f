package io.penstock.benchmarks.scenario;

import com.fasterxml.jackson.databind.JsonNode;

import io.penstock.benchmarks.client.PacedProducers;
import io.penstock.benchmarks.load.ClientArguments;
import io.penstock.benchmarks.load.Load;

import java.io.IOException;

/**
 * A load at a fixed rate, for so many seconds after a warm-up.
 *
 * @param spread whether each producer writes to all partitions in turn, as keyed records do,
 *     instead of filling one batch after the other
 */
record Pace(Load load, int warmUpSeconds, int seconds, boolean spread) {

    JsonNode run(Arena arena, String topic) throws IOException, InterruptedException {
        ClientArguments arguments =
                arena.client(topic)
                        .put("rate", load.recordsPerSecond())
                        .put("warm-up-seconds", arena.scaled(warmUpSeconds, 1))
                        .put("seconds", measuredSeconds(arena))
                        .put("producers", load.producers())
                        .put("bytes", load.recordBytes())
                        .put("linger-ms", load.client().getOrDefault("linger.ms", "0"))
                        .put("compression", load.client().getOrDefault("compression.type", "none"))
                        .put("spread-over-partitions", spread ? load.partitions() : 0);
        JsonNode result = arena.runClient(PacedProducers.class, arguments);
        if (result.get("failed").asLong() > 0) {
            throw new IOException(result.get("failed") + " records were refused");
        }
        return result;
    }

    private int measuredSeconds(Arena arena) {
        return arena.scaled(seconds, 2);
    }

    /** Of the warm-up too: the brokers' CPU is counted from the load's beginning. */
    double gigabytes(Arena arena) {
        double all = measuredSeconds(arena) + arena.scaled(warmUpSeconds, 1);
        return all * load.recordsPerSecond() * load.recordBytes() / 1e9;
    }
}
