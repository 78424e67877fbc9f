package io.penstock.benchmarks.cluster;

import io.penstock.benchmarks.measure.Meter;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A side's processes on this machine, from empty folders to their end. */
public final class Cluster implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(120);
    private static final int SCRAM_ITERATIONS = 4096;

    private final Side side;
    private final ClusterPlan plan;
    private final List<Node> nodes;

    public Cluster(Side side, ClusterPlan plan) {
        this.side = side;
        this.plan = plan;
        this.nodes =
                plan.nodes().stream()
                        .map(node -> new Node(node, plan.address(), plan.folder()))
                        .toList();
    }

    public Side side() {
        return side;
    }

    public ClusterPlan plan() {
        return plan;
    }

    public List<Node> nodes() {
        return nodes;
    }

    public List<Node> brokers() {
        return nodes.stream().filter(node -> node.plan().isBroker()).toList();
    }

    /** Controllers or ZooKeeper; none where one process is broker and controller. */
    public List<Node> coordination() {
        return nodes.stream().filter(node -> !node.plan().isBroker()).toList();
    }

    public Node node(int id) {
        return nodes.stream()
                .filter(node -> node.plan().id() == id)
                .filter(node -> node.plan().role() != NodePlan.Role.ZOOKEEPER)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no node " + id));
    }

    /** Empty folders, properties, keys. */
    public void prepare() throws IOException, InterruptedException {
        Folders.delete(plan.folder());
        Files.createDirectories(plan.folder());
        Files.setPosixFilePermissions(plan.folder(), PosixFilePermissions.fromString("rwx------"));
        for (NodePlan node : plan.nodes()) {
            for (Map.Entry<Path, String> file : node.files().entrySet()) {
                Files.writeString(file.getKey(), file.getValue());
            }
        }
        Map<String, String> clients = Map.of();
        if (plan.shape().secured()) {
            plan.tls().create(plan.address());
            clients = plan.tls().clientProperties();
        }
        Files.writeString(clientFile(), BrokerProperties.text(clients));
        side.format(plan);
    }

    /** Starts what brokers need first. */
    public void startCoordination() throws IOException, InterruptedException {
        for (Node node : coordination()) {
            node.start();
        }
        for (Node node : coordination()) {
            node.awaitPort(START_LIMIT);
        }
    }

    public void start()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        startCoordination();
        for (Node broker : brokers()) {
            broker.start();
        }
        awaitBrokers();
    }

    /** Until all brokers know each other, and the load generator may sign in. */
    public void awaitBrokers()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        for (Node broker : brokers()) {
            broker.awaitPort(START_LIMIT);
        }
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        try (Admin admin = admin()) {
            while (registered(admin) < brokers().size()) {
                for (Node broker : brokers()) {
                    broker.requireAlive();
                }
                if (System.nanoTime() > deadline) {
                    throw new IOException(
                            "The brokers of " + side.name() + " did not find each other");
                }
                Thread.sleep(50);
            }
            if (plan.shape().secured()) {
                admin.alterUserScramCredentials(
                                List.of(
                                        new UserScramCredentialUpsertion(
                                                TlsMaterial.USERNAME,
                                                new ScramCredentialInfo(
                                                        ScramMechanism.SCRAM_SHA_512,
                                                        SCRAM_ITERATIONS),
                                                plan.tls().userPassword())))
                        .all()
                        .get(60, TimeUnit.SECONDS);
            }
        }
    }

    private static int registered(Admin admin) throws InterruptedException {
        try {
            return admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).size();
        } catch (ExecutionException | TimeoutException e) {
            return 0;
        }
    }

    public void createTopic(String name, int partitions, short replicationFactor)
            throws ExecutionException, InterruptedException, TimeoutException {
        createTopic(new NewTopic(name, partitions, replicationFactor));
    }

    public void createTopic(NewTopic topic)
            throws ExecutionException, InterruptedException, TimeoutException {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(topic)).all().get(120, TimeUnit.SECONDS);
        }
    }

    public void deleteTopic(String name)
            throws ExecutionException, InterruptedException, TimeoutException {
        try (Admin admin = admin()) {
            admin.deleteTopics(List.of(name)).all().get(60, TimeUnit.SECONDS);
        }
    }

    /** With the rights of a broker. */
    public Admin admin() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", plan.internalServers());
        properties.put("request.timeout.ms", "60000");
        properties.put("default.api.timeout.ms", "120000");
        if (plan.shape().secured()) {
            properties.putAll(plan.tls().administratorProperties());
        }
        return Admin.create(properties);
    }

    /** Security settings of the load generator, for tools that take a file. */
    public Path clientFile() {
        return plan.folder().resolve("client.properties");
    }

    public List<Meter.Watched> watched() {
        return nodes.stream()
                .filter(Node::isRunning)
                .map(
                        node ->
                                new Meter.Watched(
                                        node.plan().name(), node.plan().isBroker(), node.pid()))
                .toList();
    }

    /** A controlled stop of brokers, then of what they need; what does not end is killed. */
    public void stop() throws InterruptedException {
        stop(brokers());
        stop(coordination());
    }

    private static void stop(List<Node> nodes) throws InterruptedException {
        List<Node> running = nodes.stream().filter(Node::isRunning).toList();
        running.forEach(Node::requestStop);
        for (Node node : running) {
            node.awaitStop();
        }
    }

    /** Properties and logs stay for a look at what went wrong; data and keys go. */
    @Override
    public void close() throws IOException, InterruptedException {
        try {
            stop();
        } finally {
            nodes.forEach(Node::close);
        }
        Folders.deleteFoldersIn(plan.folder());
    }
}
