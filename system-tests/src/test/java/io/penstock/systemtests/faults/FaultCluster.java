package io.penstock.systemtests.faults;

import static org.awaitility.Awaitility.await;

import io.penstock.systemtests.Commands;
import io.penstock.systemtests.Processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A cluster of real processes, each of which can be hurt and mended. */
final class FaultCluster implements AutoCloseable {
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(20);

    private final ClusterPlan plan;
    private final Path folder;
    private final Network network;
    private final NodeFiles files;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Thread closeAtEnd = new Thread(this::closeQuietly);
    private boolean isClosed;

    private FaultCluster(ClusterPlan plan, Path folder, Network network) {
        this.plan = plan;
        this.folder = folder;
        this.network = network;
        this.files = new NodeFiles(plan, network, folder);
    }

    /** A new, empty cluster whose brokers serve. What an earlier run left in the folder goes. */
    static FaultCluster start(ClusterPlan plan, String name)
            throws IOException, InterruptedException {
        var folder =
                Path.of(System.getProperty("penstock.target"))
                        .toAbsolutePath()
                        .normalize()
                        .resolve("faults")
                        .resolve(name);
        clear(folder);
        Files.createDirectories(folder);
        var network =
                plan.hasNamespaces()
                        ? NamespaceNetwork.of(folder, plan.nodeNames())
                        : LoopbackNetwork.of(folder, plan.nodeNames());
        var cluster = new FaultCluster(plan, folder, network);
        try {
            // First: once this process ends, nothing is made any more that nobody takes away.
            Runtime.getRuntime().addShutdownHook(cluster.closeAtEnd);
            cluster.makeNodes();
            cluster.startAll();
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    private synchronized void makeNodes() throws IOException, InterruptedException {
        if (isClosed) {
            throw new IllegalStateException("The cluster was taken away");
        }
        network.make();
        for (var id = 1; id <= plan.zooKeepers(); id++) {
            add(
                    "zookeeper-" + id,
                    "zookeeper",
                    files.zooKeeper(id),
                    Map.of("PENSTOCK_JAVA_OPTIONS", "-Xmx128m -XX:+UseSerialGC"));
        }
        for (var id = 0; id < plan.brokers(); id++) {
            var properties = files.broker(id);
            if (plan.diskMebibytes().isPresent()) {
                mount(files.data("broker-" + id), plan.diskMebibytes().getAsInt());
            }
            add("broker-" + id, "broker", properties, brokerEnvironment(id));
        }
    }

    private Map<String, String> brokerEnvironment(int id) throws IOException {
        if (!plan.hasMovableClocks()) {
            return Map.of();
        }
        var clock = clock(id);
        clock.move(Duration.ZERO);
        return clock.environment();
    }

    private void add(String name, String role, Path properties, Map<String, String> environment) {
        nodes.put(name, new Node(name, role, properties, files.output(name), network, environment));
    }

    /** Starts what does not run, and waits until all of it serves. */
    void startAll() throws IOException {
        for (var node : nodes.values()) {
            node.start();
        }
        for (var node : nodes.values()) {
            node.awaitRunning(Limits.START);
        }
    }

    ClusterPlan plan() {
        return plan;
    }

    Path folder() {
        return folder;
    }

    Path data(String node) {
        return files.data(node);
    }

    Node node(String name) {
        return nodes.get(name);
    }

    Node broker(int id) {
        return nodes.get("broker-" + id);
    }

    /** A broker's wall clock, when each has one of its own. */
    MovableClock clock(int broker) {
        return new MovableClock(folder.resolve("clock-" + broker));
    }

    List<Node> brokers() {
        return plan.brokerNames().stream().map(nodes::get).toList();
    }

    List<Node> zooKeepers() {
        return plan.zooKeeperNames().stream().map(nodes::get).toList();
    }

    /** The links between nodes, when they are this cluster's own. */
    NamespaceNetwork links() {
        return (NamespaceNetwork) network;
    }

    String bootstrapServers() {
        return plan.brokerNames().stream()
                .map(name -> network.address(name) + ":" + NodeFiles.CLIENTS)
                .collect(Collectors.joining(","));
    }

    /** The id of the broker that most brokers take for the controller, once they agree. */
    int controller() {
        return await("a controller")
                .atMost(Limits.START)
                .pollInterval(Duration.ofMillis(100))
                .until(this::agreedController, id -> id >= 0);
    }

    private int agreedController() {
        var named =
                brokers().stream()
                        .flatMap(broker -> broker.health().stream())
                        .map(health -> health.path("controller_id").asInt(-1))
                        .distinct()
                        .toList();
        return named.size() == 1 ? named.getFirst() : -1;
    }

    @Override
    public synchronized void close() throws IOException, InterruptedException {
        if (isClosed) {
            return;
        }
        isClosed = true;
        nodes.values().forEach(Node::end);
        for (var node : nodes.values()) {
            node.awaitEnd();
        }
        network.close();
        unmountAll(folder);
        if (Thread.currentThread() != closeAtEnd) {
            forgetAtEnd();
        }
    }

    private void forgetAtEnd() {
        try {
            Runtime.getRuntime().removeShutdownHook(closeAtEnd);
        } catch (IllegalStateException e) {
            // This process ends already; there is nothing left to do for the hook.
        }
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            System.err.println("The cluster could not be taken away: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void clear(Path folder) throws IOException {
        for (var pid : Processes.bearing(folder + "/")) {
            if (Processes.commandLine(pid).contains("io.penstock.broker.app.")) {
                Processes.kill(pid);
                await().atMost(COMMAND_LIMIT).until(() -> Processes.commandLine(pid).isEmpty());
            }
        }
        if (!Files.exists(folder)) {
            return;
        }
        try {
            unmountAll(folder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void mount(Path place, int mebibytes) throws IOException, InterruptedException {
        Commands.run(
                        COMMAND_LIMIT,
                        Path.of("/"),
                        Map.of(),
                        "",
                        List.of(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=" + mebibytes + "m",
                                "tmpfs",
                                place.toString()))
                .orFail();
    }

    private static void unmountAll(Path folder) throws IOException, InterruptedException {
        for (var line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            var place = line.split(" ")[1];
            if (place.startsWith(folder + "/")) {
                Commands.run(COMMAND_LIMIT, Path.of("/"), Map.of(), "", List.of("umount", place))
                        .orFail();
            }
        }
    }
}
