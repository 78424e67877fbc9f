package io.penstock.broker.app;

import static io.penstock.broker.app.Application.get;
import static io.penstock.broker.app.Application.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Unchanged members of groups against three broker processes, with TLS and SCRAM. */
class GroupsEndToEndTest {

    private static final int PARTITIONS = Application.PARTITIONS;
    private static final Duration LIMIT = TestCluster.LIMIT;

    @TempDir private static Path folder;
    private static TestCluster cluster;
    private static Admin admin;
    private static Application app;

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = TestCluster.of(folder, 3);
        admin = cluster.admin();
        cluster.credential(admin, Application.USER, AclOperation.READ, AclOperation.WRITE);
        app = new Application(cluster, admin);
    }

    @AfterAll
    static void stopCluster() {
        if (admin != null) {
            admin.close(Duration.ofSeconds(5));
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void twoMembersShareATopicAndALaterMemberResumes(String protocol) throws Exception {
        String topic = "shared-" + protocol;
        String group = "group-" + protocol;
        app.createTopic(topic);
        Set<String> first = app.produce(topic, "first", 300);

        Set<String> consumed = new HashSet<>();
        try (KafkaConsumer<String, String> one = app.consumer(group, protocol);
                KafkaConsumer<String, String> two = app.consumer(group, protocol)) {
            one.subscribe(List.of(topic));
            two.subscribe(List.of(topic));
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(1))
                    .until(
                            () -> {
                                poll(one, consumed);
                                poll(two, consumed);
                                return one.assignment().size() == PARTITIONS / 2
                                        && two.assignment().size() == PARTITIONS / 2
                                        && consumed.size() >= first.size();
                            });
        }
        assertThat(consumed).isEqualTo(first);
        Map<TopicPartition, OffsetAndMetadata> committed =
                admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(committed.values().stream().mapToLong(OffsetAndMetadata::offset).sum())
                .isEqualTo(first.size());

        Set<String> second = app.produce(topic, "second", 30);
        Set<String> resumed = new HashSet<>();
        try (KafkaConsumer<String, String> later = app.consumer(group, protocol)) {
            later.subscribe(List.of(topic));
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(1))
                    .until(
                            () -> {
                                poll(later, resumed);
                                return resumed.size() >= second.size();
                            });
        }
        assertThat(resumed).as("what was committed is not consumed again").isEqualTo(second);
    }

    @Test
    void groupsAreListedDescribedAndDeleted() throws Exception {
        app.createTopic("administered");
        app.produce("administered", "value", 12);
        TopicPartition first = new TopicPartition("administered", 0);
        try (KafkaConsumer<String, String> member = app.consumer("described", "classic")) {
            member.subscribe(List.of("administered"));
            Set<String> consumed = new HashSet<>();
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(1))
                    .until(
                            () -> {
                                poll(member, consumed);
                                return consumed.size() == 12;
                            });

            ConsumerGroupDescription described = describe("described");
            assertThat(described.groupState()).isEqualTo(GroupState.STABLE);
            assertThat(described.members()).hasSize(1);
            assertThat(described.members().iterator().next().assignment().topicPartitions())
                    .hasSize(PARTITIONS);
            assertThatThrownBy(() -> get(admin.deleteConsumerGroups(List.of("described")).all()))
                    .hasCauseInstanceOf(GroupNotEmptyException.class);
            assertThatThrownBy(
                            () ->
                                    get(
                                            admin.deleteConsumerGroupOffsets(
                                                            "described", Set.of(first))
                                                    .all()))
                    .hasCauseInstanceOf(GroupSubscribedToTopicException.class);
        }
        assertThat(get(admin.listGroups(ListGroupsOptions.forConsumerGroups()).all()))
                .extracting(GroupListing::groupId)
                .contains("described");

        get(admin.deleteConsumerGroupOffsets("described", Set.of(first)).all());
        assertThat(committed("described")).doesNotContainKey(first).hasSize(PARTITIONS - 1);
        get(admin.deleteConsumerGroups(List.of("described")).all());

        assertThat(get(admin.listGroups(ListGroupsOptions.forConsumerGroups()).all()))
                .extracting(GroupListing::groupId)
                .doesNotContain("described");
    }

    @Test
    void healthAndMetricsTellTheGroupsLag() throws Exception {
        app.createTopic("lagging");
        app.produce("lagging", "value", 60);
        admin.alterConsumerGroupOffsets(
                        "slow",
                        IntStream.range(0, PARTITIONS)
                                .boxed()
                                .collect(
                                        Collectors.toMap(
                                                p -> new TopicPartition("lagging", p),
                                                p -> new OffsetAndMetadata(0))))
                .all()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);

        StringBuilder all = new StringBuilder();
        for (BrokerProcess broker : cluster.brokers()) {
            String text = broker.get("/metrics").orElseThrow().body();
            assertThat(text).endsWith("# EOF\n").doesNotContain("NaN");
            all.append(text);
        }

        assertThat(all.toString())
                .contains("penstock_consumer_group_committed_offset{group=\"slow\"")
                .contains("penstock_request_seconds_bucket{api=\"Produce\"")
                .contains("penstock_topic_bytes_in_total{topic=\"lagging\"}");
        long lag =
                all.toString()
                        .lines()
                        .filter(
                                line ->
                                        line.startsWith(
                                                "penstock_consumer_group_lag{group=\"slow\""))
                        .mapToLong(
                                line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                        .sum();
        assertThat(lag).as("of the partitions that the coordinator leads").isPositive();
        assertThat(cluster.broker(0).get("/health").orElseThrow().body())
                .contains("\"state\":\"RUNNING\"", "\"brokers\":3", "\"offline_partitions\":0");
    }

    /** librdkafka speaks older versions of the group requests than the Java client. */
    @Test
    void kcatConsumesInAGroup() throws Exception {
        Path kcat = Path.of(System.getProperty("penstock.kcat", "/usr/bin/kcat"));
        assumeTrue(Files.isExecutable(kcat), "kcat is not installed");
        app.createTopic("for-kcat");
        Set<String> produced = app.produce("for-kcat", "value", 50);
        Path output = folder.resolve("kcat.out");
        Path error = folder.resolve("kcat.err");

        Process process =
                new ProcessBuilder(
                                kcat.toString(),
                                "-F",
                                cluster.kcatFile("app").toString(),
                                "-X",
                                "auto.offset.reset=earliest",
                                "-e",
                                "-u",
                                "-G",
                                "kcat-group",
                                "for-kcat")
                        .redirectOutput(output.toFile())
                        .redirectError(error.toFile())
                        .start();
        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as(Files.readString(error))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(process.exitValue()).as(Files.readString(error)).isZero();
        assertThat(Files.readAllLines(output)).containsExactlyInAnyOrderElementsOf(produced);
        assertThat(committed("kcat-group").values().stream().mapToLong(o -> o.offset()).sum())
                .isEqualTo(produced.size());
    }

    private static ConsumerGroupDescription describe(String group) throws Exception {
        return get(admin.describeConsumerGroups(List.of(group)).all()).get(group);
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(String group) throws Exception {
        return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }
}
