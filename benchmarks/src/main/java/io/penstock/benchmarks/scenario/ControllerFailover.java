package io.penstock.benchmarks.scenario;

import io.penstock.benchmarks.cluster.Cluster;
import io.penstock.benchmarks.cluster.ClusterShape;
import io.penstock.benchmarks.cluster.Node;
import io.penstock.benchmarks.load.Load;
import io.penstock.benchmarks.load.MetadataProbe;
import io.penstock.benchmarks.measure.Meter;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code kill -9} of the controller of a cluster with 20,000 partitions: how long until another one
 * makes a topic. Where the controller is a broker too, its partitions move at the same time; KRaft
 * runs three controllers of their own.
 */
final class ControllerFailover implements Scenario {

    private static final int TOPICS = 20;
    private static final int PARTITIONS_EACH = 1_000;
    private static final short REPLICAS = 2;
    private static final int ATTEMPT_MILLIS = 2_000;

    @Override
    public Description description() {
        return new Description(
                "controller-failover",
                "kill -9 of the controller with 20,000 partitions until a topic can be made again",
                ClusterShape.THREE_BROKERS.withControllers(3),
                Lifecycle.FRESH,
                Duration.ofMinutes(25),
                Figure.of("topic made", "ms").ratioAtMost(1),
                Figure.of("all led", "ms").ratioAtMost(1),
                Figure.of("partitions", ""));
    }

    @Override
    public Measured measure(Arena arena) throws Exception {
        Cluster cluster = arena.cluster();
        int each = arena.scaled(PARTITIONS_EACH, 10);
        Load load = Load.plain().partitions(each);
        String last = "";
        for (int topic = 0; topic < TOPICS; topic++) {
            last = arena.topic("many-" + topic, load, REPLICAS);
        }
        Node controller;
        try (Admin admin = cluster.admin()) {
            controller = cluster.node(cluster.side().controller(admin));
        }
        Meter meter = arena.startMeter();
        long start = System.nanoTime();
        controller.kill();
        double made = awaitTopic(arena, start);
        Node survivor =
                cluster.brokers().stream().filter(Node::isRunning).findFirst().orElseThrow();
        MetadataProbe probe = arena.probe(survivor);
        double led = 0;
        for (int topic = 0; topic < TOPICS; topic++) {
            String name = last.substring(0, last.lastIndexOf('-') + 1) + topic;
            led = probe.awaitLeaders(start, limit(), name, each);
        }
        return Measured.with("topic made", made)
                .and("all led", led)
                .and("partitions", TOPICS * each)
                .used(meter.stop());
    }

    /** Tries again and again with short limits, as an impatient administrator would. */
    private double awaitTopic(Arena arena, long start) throws InterruptedException, IOException {
        CreateTopicsOptions impatient = new CreateTopicsOptions().timeoutMs(ATTEMPT_MILLIS);
        try (Admin admin = arena.cluster().admin()) {
            for (int attempt = 0; System.nanoTime() - start < limit().toNanos(); attempt++) {
                NewTopic topic = new NewTopic(arena.run() + "-after-" + attempt, 1, (short) 1);
                try {
                    admin.createTopics(List.of(topic), impatient)
                            .all()
                            .get(2L * ATTEMPT_MILLIS, TimeUnit.MILLISECONDS);
                    return (System.nanoTime() - start) / 1e6;
                } catch (ExecutionException | TimeoutException e) {
                    Thread.sleep(10);
                }
            }
        }
        throw new IOException("No controller took over");
    }
}
