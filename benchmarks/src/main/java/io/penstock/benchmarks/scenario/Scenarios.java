package io.penstock.benchmarks.scenario;

import io.penstock.benchmarks.cluster.ClusterShape;
import io.penstock.benchmarks.load.Load;

import java.time.Duration;
import java.util.List;

/** All that can be raced, in the order in which it is. */
public final class Scenarios {

    private Scenarios() {}

    public static List<Scenario> all() {
        return List.of(
                new Start(),
                new ManyPartitions.Create(),
                new ManyPartitions.Restart(),
                new ManyPartitions.MemoryUse(),
                new WarmingUp(),
                new Throughput(
                        "throughput",
                        "Kafka's producer tool, RF 3 acks=all 1 KB, warm",
                        ClusterShape.THREE_BROKERS,
                        Load.plain()),
                new Throughput(
                        "tls-scram",
                        "the same with TLS and SCRAM at the client, mutual TLS among brokers",
                        ClusterShape.THREE_BROKERS.withTls(),
                        Load.plain().records(300_000)),
                new Throughput(
                        "lz4",
                        "the same compressed with lz4",
                        ClusterShape.THREE_BROKERS,
                        Load.plain().client("compression.type", "lz4")),
                new OneInFlightLatency(),
                new Paced(
                        "paced-20k",
                        "20,000 records/s, linger 0, from the moment each was due",
                        new Pace(
                                Load.plain().perSecond(20_000).client("linger.ms", "0"),
                                5,
                                12,
                                false),
                        0.5,
                        0.3),
                new Paced(
                        "fan-in",
                        "200 producers over 1,000 partitions, 2,000 records/s together",
                        new Pace(
                                Load.plain()
                                        .perSecond(2_000)
                                        .producers(200)
                                        .partitions(1_000)
                                        .client("linger.ms", "5"),
                                10,
                                20,
                                true),
                        1,
                        1),
                new Readers(),
                new Flush(),
                new Failover(
                        "failover",
                        "kill -9 of a leader under 2,000 records/s",
                        Fault.KILL_LEADER,
                        1_000,
                        Duration.ZERO,
                        Duration.ofSeconds(25)),
                new Failover(
                        "controlled-stop",
                        "SIGTERM of a leader under 2,000 records/s",
                        Fault.STOP_LEADER,
                        200,
                        Duration.ZERO,
                        Duration.ofSeconds(15)),
                new Failover(
                        "frozen-leader",
                        "SIGSTOP of a leader for 20 s under 2,000 records/s",
                        Fault.FREEZE_LEADER,
                        6_500,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(10)),
                new Failover(
                        "coordination-away",
                        "all of ZooKeeper, or all controllers, away for 5 minutes under load",
                        Fault.COORDINATION_AWAY,
                        100,
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(20)),
                new ControllerFailover());
    }
}
