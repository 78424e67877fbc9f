package io.penstock.benchmarks.scenario;

import com.fasterxml.jackson.databind.JsonNode;

import io.penstock.benchmarks.cluster.ClusterShape;
import io.penstock.benchmarks.measure.Meter;
import io.penstock.benchmarks.measure.Usage;

import java.time.Duration;

/** Latency and cost at a rate that both sides can keep up with. */
record Paced(String name, String question, Pace pace, double p50Aim, double p99Aim)
        implements Scenario {

    @Override
    public Description description() {
        return new Description(
                name,
                question,
                ClusterShape.THREE_BROKERS,
                Lifecycle.KEPT,
                Duration.ofMinutes(5),
                Figure.of("p50", "ms").ratioAtMost(p50Aim),
                Figure.of("p99", "ms").ratioAtMost(p99Aim),
                Figure.of("broker CPU", "s/GB").ratioAtMost(0.5),
                Figure.of("side CPU", "s/GB"),
                Figure.of("kept up", "records/s"));
    }

    @Override
    public void warmUp(Arena arena) throws Exception {
        String topic = arena.topic("warm", pace.load());
        pace.run(arena, topic);
        arena.cluster().deleteTopic(topic);
    }

    @Override
    public Measured measure(Arena arena) throws Exception {
        String topic = arena.topic("load", pace.load());
        Meter meter = arena.startMeter();
        JsonNode result = pace.run(arena, topic);
        Usage usage = meter.stopWhenQuiet();
        arena.cluster().deleteTopic(topic);
        return Measured.with("p50", result.get("p50_ms").asDouble())
                .and("p99", result.get("p99_ms").asDouble())
                .and("broker CPU", usage.brokerSeconds() / pace.gigabytes(arena))
                .and("side CPU", usage.sideSeconds() / pace.gigabytes(arena))
                .and("kept up", result.get("records_per_s").asDouble())
                .used(usage);
    }
}
