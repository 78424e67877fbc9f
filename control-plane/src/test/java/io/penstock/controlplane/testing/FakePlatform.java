package io.penstock.controlplane.testing;

import io.penstock.controlplane.access.Preset;
import io.penstock.controlplane.api.ProblemException;
import io.penstock.controlplane.connections.ClusterClient;
import io.penstock.controlplane.connections.ClusterClients;
import io.penstock.controlplane.groups.GroupOffsets;
import io.penstock.controlplane.operations.OperationCancelled;
import io.penstock.controlplane.operations.StepProgress;
import io.penstock.controlplane.platform.ClusterAccess;
import io.penstock.controlplane.platform.Enrolment;
import io.penstock.controlplane.platform.Infrastructure;
import io.penstock.controlplane.platform.NodeProbe;
import io.penstock.controlplane.platform.NodeReport;
import io.penstock.controlplane.topics.NewTopic;
import io.penstock.controlplane.topics.Topic;
import io.penstock.provisioner.nodes.ClusterLayout;
import io.penstock.provisioner.nodes.NodePlacement;
import io.penstock.provisioner.nodes.NodeRole;
import io.penstock.provisioner.pki.EnrolmentToken;
import io.quarkus.arc.Unremovable;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A platform without machines: its nodes enrol as real ones do, then say that they are well. A test
 * may hold its work up, let it fail, or make a cluster not answer.
 */
@Alternative
@Priority(1)
@ApplicationScoped
@Unremovable
public class FakePlatform implements Infrastructure, NodeProbe, ClusterClients {
    private final Enrolment enrolment;
    private final ClusterAccess.Source access;
    private final Map<String, Map<String, EnrolmentToken>> tokens = new ConcurrentHashMap<>();
    private final Map<String, ClusterLayout> machines = new ConcurrentHashMap<>();
    private final Map<String, FakeCluster> clusters = new ConcurrentHashMap<>();
    private final Set<String> silent = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final Set<String> applied = ConcurrentHashMap.newKeySet();

    /** The one group that every cluster has. */
    public static final String GROUP = "orders-readers";

    /** A credential of this prefix is refused by its cluster. */
    public static final String REFUSED_PREFIX = "refused-";

    /** What waits no longer than this is no test's any more. */
    private static final Duration LONGEST_HOLD = Duration.ofMinutes(5);

    private static final Duration CANCELLATION_LOOK = Duration.ofMillis(20);

    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean enrolledByTest;

    FakePlatform(Enrolment enrolment, ClusterAccess.Source access) {
        this.enrolment = enrolment;
        this.access = access;
    }

    /** Leaves the enrolment of new nodes to the test, or no longer. */
    public void leaveEnrolment(boolean toTest) {
        enrolledByTest = toTest;
    }

    /** Tokens that the nodes of a cluster were given, by node. */
    public Map<String, EnrolmentToken> tokens(String clusterId) {
        return tokens.getOrDefault(clusterId, Map.of());
    }

    /** Lets every apply and destroy wait until released or cancelled. */
    public void hold() {
        gate = new CountDownLatch(1);
    }

    public void release() {
        gate.countDown();
    }

    /** Lets the next so many applies of this cluster fail. */
    public void failNext(String clusterId, int times) {
        failures.put(clusterId, times);
    }

    public void silence(String clusterId) {
        silent.add(clusterId);
    }

    public void hear(String clusterId) {
        silent.remove(clusterId);
    }

    /** Users that the cluster has now. */
    public Set<String> users(String clusterId) {
        return clusters.get(clusterId).users.keySet();
    }

    /** Whether an apply of this cluster has begun. */
    public boolean hasBegun(String clusterId) {
        return applied.contains(clusterId);
    }

    public Map<String, ClusterLayout> machines() {
        return machines;
    }

    @Override
    public void apply(
            ClusterLayout layout, Map<String, EnrolmentToken> tokens, StepProgress progress)
            throws InterruptedException {
        applied.add(layout.clusterId());
        progress.log("Plan: %d to add".formatted(layout.nodes().size()));
        awaitRelease(progress);
        if (fails(layout.clusterId())) {
            throw new IllegalStateException("No machine is free");
        }
        this.tokens.put(layout.clusterId(), tokens);
        for (var node : layout.nodes()) {
            if (!enrolledByTest && !machines.containsKey(layout.clusterId())) {
                enrolment.enrol(
                        new Enrolment.Request(
                                layout.clusterId(),
                                node.name(),
                                node.incarnation(),
                                tokens.get(node.name()).value(),
                                TestCertificate.signingRequest(TestCertificate.keyPair())));
            }
        }
        machines.put(layout.clusterId(), layout);
        progress.log("Apply complete");
    }

    private boolean fails(String clusterId) {
        var left = failures.getOrDefault(clusterId, 0);
        failures.put(clusterId, Math.max(0, left - 1));
        return left > 0;
    }

    private void awaitRelease(StepProgress progress) throws InterruptedException {
        var deadline = System.nanoTime() + LONGEST_HOLD.toNanos();
        while (!gate.await(CANCELLATION_LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            if (progress.isCancelled()) {
                throw new OperationCancelled();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("No test has released the platform");
            }
        }
    }

    @Override
    public void destroy(String clusterId, StepProgress progress) throws InterruptedException {
        awaitRelease(progress);
        machines.remove(clusterId);
        clusters.remove(clusterId);
    }

    @Override
    public NodeReport ask(String clusterId, NodePlacement node) {
        // As the real one, which opens its connections with what only the tenant may read.
        access.of(clusterId);
        var layout = machines.get(clusterId);
        if (layout == null || silent.contains(clusterId)) {
            return new NodeReport.Unreachable("connection refused");
        }
        return node.role() == NodeRole.ZOOKEEPER
                ? new NodeReport.ZooKeeper(
                        true,
                        "RUNNING",
                        node.imageVersion(),
                        node.nodeId() == 1 ? "leader" : "follower")
                : new NodeReport.Broker(
                        true,
                        "RUNNING",
                        node.imageVersion(),
                        node.nodeId() == 0,
                        layout.brokers().size(),
                        2,
                        2,
                        0,
                        0);
    }

    @Override
    public ClusterClient of(String clusterId) {
        if (!machines.containsKey(clusterId) || silent.contains(clusterId)) {
            throw ProblemException.retryable(
                    503, "cluster_unavailable", "The cluster does not answer");
        }
        return clusters.computeIfAbsent(clusterId, id -> new FakeCluster());
    }

    @Override
    public void close(String clusterId) {
        clusters.remove(clusterId);
    }

    private static final class FakeCluster implements ClusterClient {
        private final Map<String, Topic> topics = new ConcurrentSkipListMap<>();
        private final Map<String, String> users = new ConcurrentHashMap<>();

        @Override
        public List<Topic> topics() {
            return List.copyOf(topics.values());
        }

        @Override
        public Topic topic(String name) {
            var topic = topics.get(name);
            if (topic == null) {
                throw ProblemException.notFound("topic");
            }
            return topic;
        }

        @Override
        public Topic createTopic(NewTopic topic) {
            int replicas = topic.replicationFactor() == null ? 3 : topic.replicationFactor();
            var created =
                    new Topic(
                            topic.name(),
                            topic.partitions(),
                            replicas,
                            Math.min(2, replicas),
                            topic.configs() == null ? Map.of() : topic.configs());
            if (topics.putIfAbsent(topic.name(), created) != null) {
                throw ProblemException.conflict(
                        "name_taken", "The cluster has a topic of this name");
            }
            return created;
        }

        @Override
        public void deleteTopic(String name) {
            if (topics.remove(name) == null) {
                throw ProblemException.notFound("topic");
            }
        }

        @Override
        public String createCredential(String username, Preset preset, String prefix) {
            if (prefix.equals(REFUSED_PREFIX)) {
                throw ProblemException.retryable(
                        503, "cluster_unavailable", "The cluster does not answer");
            }
            var password = "password-of-" + username;
            users.put(username, password);
            return password;
        }

        @Override
        public void deleteCredential(String username) {
            users.remove(username);
        }

        @Override
        public GroupOffsets groupOffsets(String group) {
            if (!group.equals(GROUP)) {
                throw ProblemException.notFound("group");
            }
            return new GroupOffsets(
                    group,
                    "Stable",
                    5,
                    List.of(new GroupOffsets.PartitionOffset("orders", 0, 37, 42, 5)));
        }

        @Override
        public String canary() {
            return "1 partition passed a record";
        }
    }
}
