package io.penstock.benchmarks.scenario;

import io.penstock.benchmarks.cluster.ClusterShape;
import io.penstock.benchmarks.load.Load;
import io.penstock.benchmarks.measure.Meter;
import io.penstock.benchmarks.measure.Usage;

import java.time.Duration;
import java.util.List;

/** The broker's cost of the same load three times in a row, beginning with a new cluster. */
final class WarmingUp implements Scenario {

    private static final List<String> RUNS = List.of("first run", "second run", "third run");

    @Override
    public Description description() {
        return new Description(
                "cpu-per-gb",
                "CPU of the brokers per GB, RF 3 acks=all 1 KB: three runs after a start",
                ClusterShape.THREE_BROKERS,
                Lifecycle.FRESH,
                Duration.ofMinutes(8),
                RUNS.stream().map(run -> Figure.of(run, "s/GB").ratioAtMost(0.5)).toList());
    }

    @Override
    public Measured measure(Arena arena) throws Exception {
        Load load = arena.scaled(Load.plain());
        Meter whole = arena.startMeter();
        Measured.Builder figures = new Measured.Builder();
        for (String run : RUNS) {
            String topic = arena.topic(run.replace(' ', '-'), load);
            Meter meter = arena.startMeter();
            arena.tools().produce(topic, load);
            Usage usage = meter.stopWhenQuiet();
            figures.and(run, usage.brokerSeconds() / load.gigabytes());
            arena.cluster().deleteTopic(topic);
        }
        return figures.used(whole.stop());
    }
}
