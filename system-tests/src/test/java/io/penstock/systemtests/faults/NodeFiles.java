package io.penstock.systemtests.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration files of a cluster's nodes: plain text without TLS, in one folder. */
record NodeFiles(ClusterPlan plan, Network network, Path folder) {
    static final int CLIENTS = 9092;
    static final int MANAGEMENT = 9644;
    private static final int ZOOKEEPER = 2181;
    private static final int QUORUM = 2888;
    private static final int ELECTION = 3888;
    static final List<Integer> PORTS = List.of(CLIENTS, MANAGEMENT, ZOOKEEPER, QUORUM, ELECTION);

    Path broker(int id) throws IOException {
        var name = "broker-" + id;
        var address = network.address(name);
        var leastInSync = Math.max(1, plan.replicationFactor() - 1);
        var text =
                """
                        broker.id=%d
                        listeners=PLAINTEXT://%s:%d
                        log.dirs=%s
                        zookeeper.connect=%s
                        penstock.management.listener=%s:%d
                        default.replication.factor=%d
                        min.insync.replicas=%d
                        offsets.topic.replication.factor=%d
                        """
                        .formatted(
                                id,
                                address,
                                CLIENTS,
                                data(name),
                                connection(),
                                address,
                                MANAGEMENT,
                                plan.replicationFactor(),
                                leastInSync,
                                plan.replicationFactor());
        return write(name, text);
    }

    Path zooKeeper(int id) throws IOException {
        var name = "zookeeper-" + id;
        var address = network.address(name);
        var members =
                plan.zooKeepers() == 1
                        ? ""
                        : plan.zooKeeperNames().stream()
                                .map(
                                        member ->
                                                "server.%s=%s:%d:%d\n"
                                                        .formatted(
                                                                member.replaceAll("\\D", ""),
                                                                network.address(member),
                                                                QUORUM,
                                                                ELECTION))
                                .collect(Collectors.joining());
        return write(
                name,
                """
                dataDir=%s
                clientPort=%d
                clientPortAddress=%s
                tickTime=500
                maxSessionTimeout=40000
                initLimit=40
                syncLimit=20
                penstock.zookeeper.myid=%d
                penstock.management.listener=%s:%d
                %s"""
                        .formatted(
                                data(name), ZOOKEEPER, address, id, address, MANAGEMENT, members));
    }

    Path data(String node) {
        return folder.resolve(node).resolve("data");
    }

    Path output(String node) {
        return folder.resolve(node).resolve("node.log");
    }

    private String connection() {
        return plan.zooKeeperNames().stream()
                .map(name -> network.address(name) + ":" + ZOOKEEPER)
                .collect(Collectors.joining(","));
    }

    private Path write(String node, String text) throws IOException {
        var file = folder.resolve(node).resolve(node + ".properties");
        Files.createDirectories(data(node));
        return Files.writeString(file, text);
    }
}
