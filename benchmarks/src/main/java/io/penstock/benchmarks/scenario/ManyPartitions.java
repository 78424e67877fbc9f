package io.penstock.benchmarks.scenario;

import io.penstock.benchmarks.cluster.Cluster;
import io.penstock.benchmarks.cluster.ClusterShape;
import io.penstock.benchmarks.cluster.Node;
import io.penstock.benchmarks.load.Load;
import io.penstock.benchmarks.measure.LinuxProcesses;
import io.penstock.benchmarks.measure.Meter;
import io.penstock.benchmarks.measure.Usage;

import java.time.Duration;

/** What 2,000 partitions on one broker cost: to create, to hold, and to start with. */
final class ManyPartitions {

    private static final int PARTITIONS = 2000;
    private static final short UNREPLICATED = 1;
    private static final Duration LIMIT = Duration.ofMinutes(6);

    /** Long enough for a collection and for what a broker does after it has opened its port. */
    private static final Duration SETTLING = Duration.ofSeconds(5);

    private ManyPartitions() {}

    private static int partitions(Arena arena) {
        return arena.scaled(PARTITIONS, 20);
    }

    /** Creation of one topic. */
    static final class Create extends OneBroker {
        Create() {
            super(
                    "create-2000",
                    "creation of a topic of 2,000 partitions: answered, led, served",
                    Figure.of("answered", "ms"),
                    Figure.of("all led", "ms"),
                    Figure.of("all served", "ms").atMost(500),
                    Figure.of("side CPU", "s"));
        }

        @Override
        public Measured measure(Arena arena) throws Exception {
            Cluster cluster = arena.cluster();
            int partitions = partitions(arena);
            String topic = arena.run() + "-many";
            Meter meter = arena.startMeter();
            long start = System.nanoTime();
            cluster.createTopic(topic, partitions, UNREPLICATED);
            double answered = (System.nanoTime() - start) / 1e6;
            double led =
                    arena.probe(cluster.brokers().getFirst())
                            .awaitLeaders(start, LIMIT, topic, partitions);
            PartitionServing.await(cluster, topic, partitions, LIMIT);
            double served = (System.nanoTime() - start) / 1e6;
            Usage usage = meter.stopWhenQuiet();
            return Measured.with("answered", answered)
                    .and("all led", led)
                    .and("all served", served)
                    .and("side CPU", usage.sideSeconds())
                    .used(usage);
        }
    }

    /** A controlled stop and a start, then {@code kill -9} and a start. */
    static final class Restart extends OneBroker {
        Restart() {
            super(
                    "restart",
                    "restart with 2,000 partitions until all are led, clean and after kill -9",
                    Figure.of("clean", "ms").atMost(2000),
                    Figure.of("after kill -9", "ms").atMost(4000));
        }

        @Override
        public Measured measure(Arena arena) throws Exception {
            int partitions = partitions(arena);
            String topic = arena.topic("many", Load.plain().partitions(partitions), UNREPLICATED);
            Node broker = arena.cluster().brokers().getFirst();
            Meter meter = arena.startMeter();
            broker.requestStop();
            broker.awaitStop();
            double clean = restart(arena, broker, topic, partitions);
            PartitionServing.await(arena.cluster(), topic, partitions, LIMIT);
            Thread.sleep(SETTLING);
            broker.kill();
            Thread.sleep(arena.cluster().side().waitAfterKill());
            double killed = restart(arena, broker, topic, partitions);
            return Measured.with("clean", clean).and("after kill -9", killed).used(meter.stop());
        }

        private double restart(Arena arena, Node broker, String topic, int partitions)
                throws Exception {
            long start = System.nanoTime();
            broker.start();
            return arena.probe(broker).awaitLeaders(start, LIMIT, topic, partitions);
        }
    }

    /** Resident memory of one broker. */
    static final class MemoryUse extends OneBroker {
        MemoryUse() {
            super(
                    "memory",
                    "resident memory of a broker: idle, with 2,000 partitions, after load",
                    Figure.of("idle", "MiB").atMost(200),
                    Figure.of("2,000 partitions", "MiB").atMost(300),
                    Figure.of("after load", "MiB").atMost(450));
        }

        @Override
        public Measured measure(Arena arena) throws Exception {
            Meter meter = arena.startMeter();
            double idle = settled(arena);
            int partitions = partitions(arena);
            arena.topic("many", Load.plain().partitions(partitions), UNREPLICATED);
            double many = settled(arena);
            Load load = arena.scaled(Load.plain().records(1_500_000));
            String topic = arena.topic("load", load);
            arena.tools().produce(topic, load);
            arena.tools().consume(topic, load.records());
            double loaded = settled(arena);
            return Measured.with("idle", idle)
                    .and("2,000 partitions", many)
                    .and("after load", loaded)
                    .used(meter.stop());
        }

        private static double settled(Arena arena) throws InterruptedException {
            Thread.sleep(SETTLING);
            long pid = arena.cluster().brokers().getFirst().pid();
            return LinuxProcesses.memory(pid).residentMib();
        }
    }

    /** What the three have in common. */
    private abstract static class OneBroker implements Scenario {
        private final Description description;

        OneBroker(String name, String question, Figure... figures) {
            this.description =
                    new Description(
                            name,
                            question,
                            ClusterShape.ONE_BROKER,
                            Lifecycle.FRESH,
                            LIMIT,
                            figures);
        }

        @Override
        public Description description() {
            return description;
        }
    }
}
