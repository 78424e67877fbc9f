package io.penstock.benchmarks.scenario;

import com.fasterxml.jackson.databind.JsonNode;

import io.penstock.benchmarks.cluster.ClusterShape;
import io.penstock.benchmarks.load.Load;
import io.penstock.benchmarks.measure.Meter;
import io.penstock.benchmarks.measure.Usage;

import java.time.Duration;

/** What it costs to have every acknowledged record on the disks of a majority. */
final class Flush implements Scenario {

    private static final Load LOAD =
            Load.plain().perSecond(5_000).client("linger.ms", "0").partitions(6);

    @Override
    public Description description() {
        return new Description(
                "flush",
                "5,000 records/s to a topic with flush.messages=1, against the same without",
                ClusterShape.THREE_BROKERS,
                Lifecycle.KEPT,
                Duration.ofMinutes(6),
                Figure.of("p99 without", "ms"),
                Figure.of("p99 with", "ms").atMost(15),
                Figure.of("broker CPU with / without", "×").atMost(1.3));
    }

    @Override
    public void warmUp(Arena arena) throws Exception {
        run(arena, "warm", LOAD);
    }

    @Override
    public Measured measure(Arena arena) throws Exception {
        Meter whole = arena.startMeter();
        Run without = run(arena, "without", LOAD);
        Run with = run(arena, "with", LOAD.topic("flush.messages", "1"));
        return Measured.with("p99 without", without.percentile99())
                .and("p99 with", with.percentile99())
                .and("broker CPU with / without", with.brokerSeconds() / without.brokerSeconds())
                .used(whole.stop());
    }

    private record Run(double percentile99, double brokerSeconds) {}

    private static Run run(Arena arena, String purpose, Load load) throws Exception {
        String topic = arena.topic(purpose, load);
        Meter meter = arena.startMeter();
        JsonNode result = new Pace(load, 5, 15, false).run(arena, topic);
        Usage usage = meter.stopWhenQuiet();
        arena.cluster().deleteTopic(topic);
        return new Run(result.get("p99_ms").asDouble(), usage.brokerSeconds());
    }
}
