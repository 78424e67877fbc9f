package io.penstock.benchmarks.cluster;

import io.penstock.benchmarks.Commands;
import io.penstock.benchmarks.Workspace;
import io.penstock.benchmarks.cluster.NodePlan.Role;

import org.apache.kafka.clients.admin.Admin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Apache Kafka with controllers of its own: combined with the broker where that is one process. */
public final class KraftSide extends KafkaSide {

    public static final String NAME = "kraft";

    private static final int CONTROLLER_PORT = 9392;
    private static final int FIRST_CONTROLLER_ID = 100;
    private static final String CLUSTER_ID = "AAAAAAAAAAAAAAAAAAAAAQ";
    private static final Duration FORMAT_LIMIT = Duration.ofSeconds(60);

    public KraftSide(Workspace workspace, String address, Tuning tuning) {
        super(workspace, address, tuning, NAME, "log4j2.configurationFile=");
    }

    @Override
    protected Release release() {
        return new Release("Apache Kafka 4.4 with KRaft", "2 s broker sessions");
    }

    @Override
    protected List<NodePlan> nodes(
            ClusterShape shape, Path folder, TlsMaterial tls, List<String> options) {
        List<NodePlan> nodes = new ArrayList<>();
        if (!combined(shape)) {
            for (int id : controllerIds(shape)) {
                nodes.add(controller(shape, folder, id, options));
            }
        }
        for (int id = 1; id <= shape.brokers(); id++) {
            nodes.add(broker(shape, folder, id, tls, options));
        }
        return nodes;
    }

    private static boolean combined(ClusterShape shape) {
        return shape.brokers() == 1 && shape.controllers() == 1;
    }

    private static List<Integer> controllerIds(ClusterShape shape) {
        return combined(shape)
                ? List.of(1)
                : IntStream.range(FIRST_CONTROLLER_ID, FIRST_CONTROLLER_ID + shape.controllers())
                        .boxed()
                        .toList();
    }

    private NodePlan controller(ClusterShape shape, Path folder, int id, List<String> options) {
        Map<String, String> properties = new LinkedHashMap<>();
        String name = "controller-" + id;
        properties.put("process.roles", "controller");
        properties.put("listeners", controllerListener(id));
        properties.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT");
        properties.put("log.dirs", folder.resolve(name).toString());
        properties.put("default.replication.factor", "" + shape.replicationFactor());
        properties.put("min.insync.replicas", "" + shape.minimumInSyncReplicas());
        return node(shape, folder, name, Role.CONTROLLER, id, properties, options);
    }

    private NodePlan broker(
            ClusterShape shape, Path folder, int id, TlsMaterial tls, List<String> options) {
        String name = "broker-" + id;
        Map<String, String> properties =
                BrokerProperties.of(shape, address, id, folder.resolve(name), tls);
        properties.put("process.roles", combined(shape) ? "broker,controller" : "broker");
        if (combined(shape)) {
            properties.merge("listeners", controllerListener(id), (a, b) -> a + "," + b);
        }
        properties.put(
                "share.coordinator.state.topic.replication.factor", "" + shape.replicationFactor());
        properties.put("share.coordinator.state.topic.min.isr", "" + shape.minimumInSyncReplicas());
        return node(shape, folder, name, Role.BROKER, id, properties, options);
    }

    private NodePlan node(
            ClusterShape shape,
            Path folder,
            String name,
            Role role,
            int id,
            Map<String, String> properties,
            List<String> options) {
        properties.put("node.id", "" + id);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put(
                "controller.quorum.voters",
                controllerIds(shape).stream()
                        .map(voter -> voter + "@" + address + ":" + controllerPort(voter))
                        .collect(Collectors.joining(",")));
        if (tuning == Tuning.TUNED) {
            properties.put("broker.session.timeout.ms", "2000");
            properties.put("broker.heartbeat.interval.ms", "500");
        }
        Path file = folder.resolve(name + ".properties");
        return new NodePlan(
                name,
                role,
                id,
                jvm.command("1G", options, "kafka.Kafka", List.of(file.toString())),
                Map.of(),
                Map.of(file, BrokerProperties.text(properties)),
                role == Role.BROKER ? ClusterPlan.INTERNAL_PORT + id : controllerPort(id));
    }

    private String controllerListener(int id) {
        return "CONTROLLER://" + address + ":" + controllerPort(id);
    }

    private static int controllerPort(int id) {
        return CONTROLLER_PORT + id;
    }

    @Override
    public void format(ClusterPlan plan) throws IOException, InterruptedException {
        for (NodePlan node : plan.nodes()) {
            for (Path file : node.files().keySet()) {
                Commands.run(
                        jvm.command(
                                "256M",
                                List.of("-XX:TieredStopAtLevel=1"),
                                "kafka.tools.StorageTool",
                                List.of("format", "-t", CLUSTER_ID, "-c", file.toString())),
                        Map.of(),
                        FORMAT_LIMIT);
            }
        }
    }

    @Override
    public int controller(Admin admin)
            throws ExecutionException, TimeoutException, InterruptedException {
        return admin.describeMetadataQuorum().quorumInfo().get(30, TimeUnit.SECONDS).leaderId();
    }
}
