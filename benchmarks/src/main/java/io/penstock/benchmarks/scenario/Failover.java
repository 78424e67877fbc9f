package io.penstock.benchmarks.scenario;

import com.fasterxml.jackson.databind.JsonNode;

import io.penstock.benchmarks.client.WatchedProducer;
import io.penstock.benchmarks.cluster.Cluster;
import io.penstock.benchmarks.cluster.ClusterShape;
import io.penstock.benchmarks.load.ClientJvm;
import io.penstock.benchmarks.load.Load;
import io.penstock.benchmarks.measure.Meter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The longest time without an acknowledgement while something breaks, with default clients and
 * settings, and whether an acknowledged record was lost.
 *
 * @param broken how long the fault lasts, if it ends at all
 * @param after how long the load goes on after that
 */
record Failover(
        String name, String question, Fault fault, double gapAim, Duration broken, Duration after)
        implements Scenario {

    private static final Load LOAD = Load.plain().perSecond(2_000);
    private static final int BEFORE_SECONDS = 6;

    @Override
    public Description description() {
        return new Description(
                name,
                question,
                ClusterShape.THREE_BROKERS,
                Lifecycle.FRESH,
                broken.plus(after).plus(Duration.ofMinutes(6)),
                Figure.of("longest gap", "ms").atMost(gapAim),
                Figure.of("other partitions' gap", "ms"),
                Figure.of("acknowledged and lost", "records").atMost(0),
                Figure.of("twice", "records").atMost(0),
                Figure.of("errors at the client", "records").atMost(0),
                Figure.of("acknowledged", "records"));
    }

    @Override
    public Measured measure(Arena arena) throws Exception {
        Cluster cluster = arena.cluster();
        String topic = arena.topic("watched", LOAD);
        long brokenSeconds = Math.max(2, broken.toSeconds() * arena.scalePercent() / 100);
        Meter meter = arena.startMeter();
        Process producer =
                ClientJvm.start(
                        WatchedProducer.class.getName(),
                        arena.client(topic)
                                .put("rate", LOAD.recordsPerSecond())
                                .put("seconds", BEFORE_SECONDS + brokenSeconds + after.toSeconds())
                                .put("bytes", LOAD.recordBytes())
                                .toList());
        try {
            int leader = steadyLeader(producer);
            fault.inject(cluster, leader);
            Thread.sleep(Duration.ofSeconds(brokenSeconds));
            fault.end(cluster, leader);
            JsonNode result =
                    ClientJvm.lastLine(
                            new String(
                                    producer.getInputStream().readAllBytes(),
                                    StandardCharsets.UTF_8));
            return Measured.with("longest gap", result.get("longest_gap_ms").asDouble())
                    .and("other partitions' gap", result.get("other_partitions_gap_ms").asDouble())
                    .and("acknowledged and lost", result.get("lost").asDouble())
                    .and("twice", result.get("duplicates").asDouble())
                    .and("errors at the client", result.get("failed").asDouble())
                    .and("acknowledged", result.get("acknowledged").asDouble())
                    .used(meter.stop());
        } finally {
            producer.destroyForcibly();
        }
    }

    private static int steadyLeader(Process producer) throws IOException {
        String line = ProcessLines.next(producer);
        if (!line.startsWith("steady ")) {
            throw new IOException("The producer did not begin: " + line);
        }
        return Integer.parseInt(line.substring("steady ".length()));
    }
}
