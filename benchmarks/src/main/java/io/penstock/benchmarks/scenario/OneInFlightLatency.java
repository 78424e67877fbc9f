package io.penstock.benchmarks.scenario;

import com.fasterxml.jackson.databind.JsonNode;

import io.penstock.benchmarks.client.OneInFlight;
import io.penstock.benchmarks.cluster.ClusterShape;
import io.penstock.benchmarks.load.Load;
import io.penstock.benchmarks.measure.Meter;

import java.time.Duration;

/** How long one record takes when nothing else is under way. */
final class OneInFlightLatency implements Scenario {

    private static final int RECORDS = 10_000;

    @Override
    public Description description() {
        return new Description(
                "one-in-flight",
                "acknowledgement of one record at a time, RF 3 acks=all 1 KB",
                ClusterShape.THREE_BROKERS,
                Lifecycle.KEPT,
                Duration.ofMinutes(4),
                Figure.of("p50", "ms").ratioAtMost(0.6),
                Figure.of("p99", "ms").ratioAtMost(0.6));
    }

    @Override
    public void warmUp(Arena arena) throws Exception {
        run(arena, "warm");
    }

    @Override
    public Measured measure(Arena arena) throws Exception {
        Meter meter = arena.startMeter();
        JsonNode result = run(arena, "load");
        return Measured.with("p50", result.get("p50_ms").asDouble())
                .and("p99", result.get("p99_ms").asDouble())
                .used(meter.stop());
    }

    private static JsonNode run(Arena arena, String purpose) throws Exception {
        Load load = Load.plain().records(arena.scaled(RECORDS, 500));
        String topic = arena.topic(purpose, load);
        JsonNode result =
                arena.runClient(
                        OneInFlight.class,
                        arena.client(topic)
                                .put("records", load.records())
                                .put("warm-up", arena.scaled(3_000, 100))
                                .put("bytes", load.recordBytes()));
        arena.cluster().deleteTopic(topic);
        return result;
    }
}
