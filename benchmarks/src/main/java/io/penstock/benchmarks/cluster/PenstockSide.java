package io.penstock.benchmarks.cluster;

import io.penstock.benchmarks.Workspace;
import io.penstock.benchmarks.cluster.NodePlan.Role;

import org.apache.kafka.clients.admin.Admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Our own brokers with a ZooKeeper server, as {@code ./penstock broker} runs them. */
public final class PenstockSide implements Side {

    public static final String NAME = "penstock";

    private final Workspace workspace;
    private final String address;

    public PenstockSide(Workspace workspace, String address) {
        this.workspace = workspace;
        this.address = address;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String describes() {
        boolean cache =
                Files.exists(
                        workspace.checkout().resolve("data-plane-broker/target/dist/node.aot"));
        return "Penstock of this checkout, one ZooKeeper server, "
                + (cache ? "with its AOT cache" : "built without its AOT cache");
    }

    @Override
    public void provide() throws IOException {
        Path libraries = workspace.checkout().resolve("data-plane-broker/target/dist/lib");
        if (!Files.isDirectory(libraries)) {
            throw new IOException("The broker is not built: there is no " + libraries);
        }
    }

    @Override
    public void format(ClusterPlan plan) {
        // A broker starts on an empty folder.
    }

    @Override
    public ClusterPlan plan(ClusterShape shape) {
        Path folder = workspace.clusters().resolve(NAME);
        List<NodePlan> nodes = new ArrayList<>();
        Path zooKeeperFile = folder.resolve("zookeeper.properties");
        nodes.add(
                new NodePlan(
                        "zookeeper",
                        Role.ZOOKEEPER,
                        1,
                        List.of(
                                workspace.penstock().toString(),
                                "zookeeper",
                                zooKeeperFile.toString()),
                        Map.of(),
                        Map.of(
                                zooKeeperFile,
                                ZooKeeperProperties.text(
                                        folder.resolve("zookeeper"),
                                        address,
                                        ZooKeeperProperties.SHORT_TICK)),
                        ZooKeeperProperties.PORT));
        TlsMaterial tls = new TlsMaterial(folder.resolve("tls"));
        for (int id = 1; id <= shape.brokers(); id++) {
            nodes.add(broker(shape, folder, id, tls));
        }
        return new ClusterPlan(shape, folder, address, List.copyOf(nodes), tls);
    }

    private NodePlan broker(ClusterShape shape, Path folder, int id, TlsMaterial tls) {
        String name = "broker-" + id;
        Path file = folder.resolve(name + ".properties");
        Map<String, String> properties =
                BrokerProperties.of(shape, address, id, folder.resolve(name), tls);
        properties.put("broker.id", "" + id);
        properties.put("zookeeper.connect", address + ":" + ZooKeeperProperties.PORT);
        return new NodePlan(
                name,
                Role.BROKER,
                id,
                List.of(workspace.penstock().toString(), "broker", file.toString()),
                Map.of(),
                Map.of(file, BrokerProperties.text(properties)),
                ClusterPlan.INTERNAL_PORT + id);
    }

    @Override
    public int controller(Admin admin)
            throws ExecutionException, TimeoutException, InterruptedException {
        return admin.describeCluster().controller().get(30, TimeUnit.SECONDS).id();
    }
}
