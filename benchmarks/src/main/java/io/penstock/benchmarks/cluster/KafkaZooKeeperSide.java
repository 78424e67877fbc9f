package io.penstock.benchmarks.cluster;

import io.penstock.benchmarks.Workspace;
import io.penstock.benchmarks.cluster.NodePlan.Role;

import org.apache.kafka.clients.admin.Admin;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Apache Kafka's last line with ZooKeeper: one ZooKeeper server and brokers. */
public final class KafkaZooKeeperSide extends KafkaSide {

    public static final String NAME = "zookeeper";

    /** Two ticks are the shortest session a server grants. */
    private static final Duration TUNED_TICK = Duration.ofMillis(500);

    public KafkaZooKeeperSide(Workspace workspace, String address, Tuning tuning) {
        super(workspace, address, tuning, NAME, "log4j.configuration=file:");
    }

    @Override
    protected Release release() {
        return new Release("Apache Kafka 3.9 with one ZooKeeper server", "2 s ZooKeeper sessions");
    }

    @Override
    public void format(ClusterPlan plan) {
        // A broker starts on an empty folder.
    }

    @Override
    protected List<NodePlan> nodes(
            ClusterShape shape, Path folder, TlsMaterial tls, List<String> options) {
        List<NodePlan> nodes = new ArrayList<>();
        nodes.add(zooKeeper(folder));
        for (int id = 1; id <= shape.brokers(); id++) {
            nodes.add(broker(shape, folder, id, tls, options));
        }
        return nodes;
    }

    private NodePlan zooKeeper(Path folder) {
        Path file = folder.resolve("zookeeper.properties");
        return new NodePlan(
                "zookeeper",
                Role.ZOOKEEPER,
                1,
                jvm.command(
                        "512M",
                        List.of(),
                        "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                        List.of(file.toString())),
                Map.of(),
                Map.of(
                        file,
                        ZooKeeperProperties.text(
                                folder.resolve("zookeeper"),
                                address,
                                tuning == Tuning.TUNED
                                        ? TUNED_TICK
                                        : ZooKeeperProperties.DEFAULT_TICK)),
                ZooKeeperProperties.PORT);
    }

    private NodePlan broker(
            ClusterShape shape, Path folder, int id, TlsMaterial tls, List<String> options) {
        String name = "broker-" + id;
        Map<String, String> properties =
                BrokerProperties.of(shape, address, id, folder.resolve(name), tls);
        properties.put("broker.id", "" + id);
        properties.put("zookeeper.connect", address + ":" + ZooKeeperProperties.PORT);
        if (tuning == Tuning.TUNED) {
            properties.put("zookeeper.session.timeout.ms", "2000");
        }
        Path file = folder.resolve(name + ".properties");
        return new NodePlan(
                name,
                Role.BROKER,
                id,
                jvm.command("1G", options, "kafka.Kafka", List.of(file.toString())),
                Map.of(),
                Map.of(file, BrokerProperties.text(properties)),
                ClusterPlan.INTERNAL_PORT + id);
    }

    @Override
    public int controller(Admin admin)
            throws ExecutionException, TimeoutException, InterruptedException {
        return admin.describeCluster().controller().get(30, TimeUnit.SECONDS).id();
    }

    /** The session of the dead broker holds its registration, and 3.9 does not wait for it. */
    @Override
    public Duration waitAfterKill() {
        return tuning == Tuning.TUNED ? Duration.ofSeconds(4) : Duration.ofSeconds(20);
    }
}
