package io.penstock.benchmarks.scenario;

import io.penstock.benchmarks.cluster.ClusterShape;
import io.penstock.benchmarks.load.Load;
import io.penstock.benchmarks.load.ProducerReport;
import io.penstock.benchmarks.measure.Meter;
import io.penstock.benchmarks.measure.Usage;

import java.time.Duration;

/** Kafka's own producer tool as fast as it goes, on a warm cluster. */
record Throughput(String name, String question, ClusterShape shape, Load load) implements Scenario {

    @Override
    public Description description() {
        return new Description(
                name,
                question,
                shape,
                Lifecycle.KEPT,
                Duration.ofMinutes(4),
                Figure.of("throughput", "MB/s").ratioAtLeast(1.4),
                Figure.of("broker CPU", "s/GB").ratioAtMost(0.5),
                Figure.of("side CPU", "s/GB"),
                Figure.of("client CPU", "s/GB"),
                Figure.of("p99", "ms"),
                Figure.of("broker memory", "MiB").atMost(450));
    }

    @Override
    public void warmUp(Arena arena) throws Exception {
        Load warming = arena.scaled(load.records(2 * load.records()));
        String topic = arena.topic("warm", warming);
        arena.tools().produce(topic, warming);
        arena.cluster().deleteTopic(topic);
    }

    @Override
    public Measured measure(Arena arena) throws Exception {
        Load scaled = arena.scaled(load);
        String topic = arena.topic("load", scaled);
        Meter meter = arena.startMeter();
        ProducerReport report = arena.tools().produce(topic, scaled);
        Usage usage = meter.stopWhenQuiet();
        arena.cluster().deleteTopic(topic);
        return Measured.with("throughput", report.megabytesPerSecond())
                .and("broker CPU", usage.brokerSeconds() / scaled.gigabytes())
                .and("side CPU", usage.sideSeconds() / scaled.gigabytes())
                .and("client CPU", usage.clientSeconds() / scaled.gigabytes())
                .and("p99", report.percentile99Millis())
                .and("broker memory", usage.brokerResidentMib())
                .used(usage);
    }
}
