package io.penstock.benchmarks.cluster;

import io.penstock.benchmarks.Workspace;
import io.penstock.benchmarks.cluster.NodePlan.Role;

import org.apache.kafka.clients.admin.Admin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Apache Kafka's last line with ZooKeeper: one ZooKeeper server and brokers. */
public final class KafkaZooKeeperSide implements Side {

    public static final String NAME = "zookeeper";

    /** Two ticks are the shortest session a server grants. */
    private static final Duration TUNED_TICK = Duration.ofMillis(500);

    private final Workspace workspace;
    private final String address;
    private final Tuning tuning;
    private final KafkaJvm jvm;

    public KafkaZooKeeperSide(Workspace workspace, String address, Tuning tuning) {
        this.workspace = workspace;
        this.address = address;
        this.tuning = tuning;
        this.jvm = new KafkaJvm(workspace, NAME, "log4j.configuration=file:");
    }

    @Override
    public String name() {
        return NAME + tuning.suffix();
    }

    @Override
    public String describes() {
        return "Apache Kafka 3.9 with one ZooKeeper server"
                + (tuning == Tuning.TUNED
                        ? ", AOT cache, C1 compiler, 2 s ZooKeeper sessions"
                        : "");
    }

    @Override
    public void provide() throws IOException, InterruptedException {
        jvm.provide();
        if (tuning == Tuning.TUNED && !jvm.isTrained()) {
            CacheTraining.run(
                    plan(ClusterShape.ONE_BROKER, List.of("-XX:AOTCacheOutput=" + jvm.cache())),
                    this,
                    jvm.cache());
        }
    }

    @Override
    public void format(ClusterPlan plan) {
        // A broker starts on an empty folder.
    }

    @Override
    public ClusterPlan plan(ClusterShape shape) {
        return plan(shape, tuning == Tuning.TUNED ? jvm.tunedOptions() : List.of());
    }

    private ClusterPlan plan(ClusterShape shape, List<String> brokerOptions) {
        Path folder = workspace.clusters().resolve(name());
        TlsMaterial tls = new TlsMaterial(folder.resolve("tls"));
        List<NodePlan> nodes = new ArrayList<>();
        nodes.add(zooKeeper(folder));
        for (int id = 1; id <= shape.brokers(); id++) {
            nodes.add(broker(shape, folder, id, tls, brokerOptions));
        }
        return new ClusterPlan(shape, folder, address, List.copyOf(nodes), tls);
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
