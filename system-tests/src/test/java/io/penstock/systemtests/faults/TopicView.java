package io.penstock.systemtests.faults;

import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What the cluster tells an administrator about one topic's partitions. */
final class TopicView implements AutoCloseable {
    private static final int ANSWER_SECONDS = 15;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long SECOND_LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private final String bootstrapServers;
    private final String topic;
    private volatile Admin admin;
    private volatile long openedNanos;

    TopicView(String bootstrapServers, String topic) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        open();
    }

    private void open() {
        var settings = new HashMap<String, Object>();
        settings.put("bootstrap.servers", bootstrapServers);
        // An administrator who looks at a cluster with silent nodes asks the next one soon.
        settings.put("request.timeout.ms", 3_000);
        settings.put("default.api.timeout.ms", 12_000);
        admin = Admin.create(settings);
        openedNanos = System.nanoTime();
    }

    /**
     * A client with one open connection asks the broker behind it again and again, and that may be
     * the one that is cut off and tells what it last knew: a new client begins with any of them.
     */
    private void askSomebodyElse() {
        if (System.nanoTime() - openedNanos > SECOND_LOOK_NANOS) {
            admin.close(Duration.ZERO);
            open();
        }
    }

    void create(int partitions, int replicationFactor) {
        await("the topic is made")
                .atMost(Limits.SUCCESSION)
                .pollInterval(POLL)
                .ignoreExceptions()
                .until(
                        () -> {
                            if (!admin.listTopics()
                                    .names()
                                    .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                                    .contains(topic)) {
                                admin.createTopics(
                                                List.of(
                                                        new NewTopic(
                                                                topic,
                                                                partitions,
                                                                (short) replicationFactor)))
                                        .all()
                                        .get(ANSWER_SECONDS, TimeUnit.SECONDS);
                            }
                            return true;
                        });
    }

    /** The name of a partition's folder in a log directory. */
    String folder(int partition) {
        return topic + "-" + partition;
    }

    /** The partitions whose leader the broker is. */
    Set<Integer> ledBy(int broker) throws Exception {
        return describe().partitions().stream()
                .filter(partition -> isLedBy(partition, broker))
                .map(TopicPartitionInfo::partition)
                .collect(Collectors.toUnmodifiableSet());
    }

    int leader(int partition) throws Exception {
        return describe().partitions().get(partition).leader().id();
    }

    /** Waits until every partition has a leader and all of its replicas in sync. */
    void awaitAllInSync(Duration limit) {
        awaitPartitions(
                "all replicas are in sync",
                limit,
                partition ->
                        hasLeader(partition)
                                && partition.isr().size() == partition.replicas().size());
    }

    /** Waits until the broker leads nothing any more and every partition has a leader. */
    void awaitLedByOthers(int broker, Duration limit) {
        awaitPartitions(
                "others lead what broker " + broker + " led",
                limit,
                partition -> hasLeader(partition) && !isLedBy(partition, broker));
    }

    /** Waits until the broker is in sync nowhere. */
    void awaitOutOfSync(int broker, Duration limit) {
        awaitPartitions(
                "broker " + broker + " is in no set of in-sync replicas",
                limit,
                partition -> partition.isr().stream().noneMatch(node -> node.id() == broker));
    }

    /** Waits until neither broker leads a partition with the other in sync. */
    void awaitSeparated(int one, int other, Duration limit) {
        awaitPartitions(
                "brokers " + one + " and " + other + " go on without each other",
                limit,
                partition ->
                        !isLedBy(partition, one) && !isLedBy(partition, other)
                                || partition.isr().stream().noneMatch(node -> node.id() == one)
                                || partition.isr().stream().noneMatch(node -> node.id() == other));
    }

    private void awaitPartitions(
            String what, Duration limit, Predicate<TopicPartitionInfo> condition) {
        await(what)
                .atMost(limit)
                .pollInterval(POLL)
                .ignoreExceptions()
                .until(
                        () -> {
                            boolean holds = false;
                            try {
                                holds = describe().partitions().stream().allMatch(condition);
                            } finally {
                                if (!holds) {
                                    askSomebodyElse();
                                }
                            }
                            return holds;
                        });
    }

    /** The offsets that a group has committed. */
    Map<Integer, Long> committed(String group) throws Exception {
        return admin
                .listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                .entrySet()
                .stream()
                .filter(entry -> entry.getKey().topic().equals(topic))
                .collect(
                        Collectors.toMap(
                                entry -> entry.getKey().partition(),
                                entry -> entry.getValue().offset()));
    }

    private TopicDescription describe()
            throws ExecutionException, InterruptedException, TimeoutException {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                .get(topic);
    }

    private static boolean hasLeader(TopicPartitionInfo partition) {
        return partition.leader() != null && !partition.leader().isEmpty();
    }

    private static boolean isLedBy(TopicPartitionInfo partition, int broker) {
        return hasLeader(partition) && partition.leader().id() == broker;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(10));
    }
}
