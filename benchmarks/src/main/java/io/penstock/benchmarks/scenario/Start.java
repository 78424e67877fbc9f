package io.penstock.benchmarks.scenario;

import io.penstock.benchmarks.cluster.ClusterShape;
import io.penstock.benchmarks.cluster.Node;
import io.penstock.benchmarks.measure.Meter;

import java.time.Duration;

/** From the start of an empty broker's process to the first request that it answers. */
final class Start implements Scenario {

    @Override
    public Description description() {
        return new Description(
                "start",
                "start of an empty broker until its first answer, ZooKeeper running already",
                ClusterShape.ONE_BROKER,
                Lifecycle.UNSTARTED,
                Duration.ofMinutes(3),
                Figure.of("ready", "ms").atMost(1000),
                Figure.of("broker CPU", "s"));
    }

    @Override
    public Measured measure(Arena arena) throws Exception {
        arena.cluster().startCoordination();
        Node broker = arena.cluster().brokers().getFirst();
        Meter meter = arena.startMeter();
        long start = System.nanoTime();
        broker.start();
        double ready = arena.probe(broker).awaitServing(start, limit());
        var usage = meter.stop();
        return Measured.with("ready", ready).and("broker CPU", usage.brokerSeconds()).used(usage);
    }
}
