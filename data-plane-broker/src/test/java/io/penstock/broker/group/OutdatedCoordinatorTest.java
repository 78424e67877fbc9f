package io.penstock.broker.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.log.LogDirectories;
import io.penstock.broker.log.LogDirectoriesOptions;
import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.ImageCache;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.StreamPosition;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.protocol.record.KafkaDecompression;
import io.penstock.broker.replication.DiskLogs;
import io.penstock.broker.replication.LocalPartitions;
import io.penstock.broker.testing.AloneSurroundings;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A coordinator that is cut off, and may have a successor, tells nothing of what it knew. */
class OutdatedCoordinatorTest {

    private static final int SELF = 0;
    private static final int OTHER = 1;
    private static final String GROUP = "billing";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Uuid OFFSETS = Uuid.randomUuid();
    private static final Uuid ORDERS = Uuid.randomUuid();

    @TempDir private Path folder;
    private final ImageCache metadata = new ImageCache();
    private volatile boolean leaseHeld = true;
    private LogDirectories directories;
    private LocalPartitions partitions;
    private GroupCoordination coordination;
    private long sequence;

    @BeforeEach
    void start() throws Exception {
        directories =
                LogDirectories.open(
                        LogDirectoriesOptions.defaults(List.of(folder), SELF, "test-cluster"),
                        Clock.SYSTEM,
                        new KafkaDecompression());
        partitions =
                new LocalPartitions(
                        AloneSurroundings.of(SELF, metadata, () -> leaseHeld),
                        new DiskLogs(directories),
                        Map.of());
        coordination =
                new GroupCoordination(
                        new GroupSettings(SELF, Map.of(), 1, OptionalInt.of(1), 1 << 20),
                        partitions,
                        metadata,
                        new NoController(),
                        (context, topic) -> true);
        partitions.addListener(coordination);
        partitions.start(metadata);
        coordination.start();
        // Nobody else can be elected: what is written is committed, whatever becomes of the lease.
        publish(List.of());
        await().atMost(LIMIT).until(() -> committed().errorCode() == Errors.NONE.code());
        commit(7);
    }

    @AfterEach
    void stop() throws Exception {
        coordination.close();
        partitions.close();
        directories.close();
        metadata.close();
    }

    @Test
    void withoutASuccessorItGoesOnWithoutItsLease() throws Exception {
        leaseHeld = false;

        assertThat(offset(committed())).isEqualTo(7);
    }

    @Test
    void withItsLeaseItGoesOnHoweverSilentTheOthersAre() throws Exception {
        publish(List.of(OTHER));

        assertThat(offset(committed())).isEqualTo(7);
        assertThat(coordination.find(GROUP).get()).map(BrokerRegistration::id).hasValue(SELF);
    }

    @Test
    void otherwiseItTellsNothing() throws Exception {
        publish(List.of(OTHER));
        leaseHeld = false;

        assertThat(errorOf(coordination.fetchOffsets(context(ApiKeys.OFFSET_FETCH), all(), false)))
                .isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(
                        errorOf(
                                coordination.heartbeat(
                                        context(ApiKeys.HEARTBEAT),
                                        new HeartbeatRequestData()
                                                .setGroupId(GROUP)
                                                .setMemberId("m"))))
                .isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(describe()).containsExactly(Errors.NOT_COORDINATOR);
        assertThat(listed()).isEmpty();
        assertThat(coordination.find(GROUP).get()).isEmpty();

        leaseHeld = true;

        assertThat(offset(committed())).isEqualTo(7);
        assertThat(describe()).containsExactly(Errors.NONE);
        assertThat(listed()).containsExactly(GROUP);
    }

    /** The answer is ready, but the lease lapses before it is told. */
    @Test
    void itLooksAgainBeforeItTells() {
        publish(List.of(OTHER));
        OffsetsTopic topic =
                new OffsetsTopic(
                        new GroupSettings(SELF, Map.of(), 1, OptionalInt.of(1), 1),
                        metadata,
                        new NoController(),
                        1);
        CompletableFuture<String> working = new CompletableFuture<>();

        CompletableFuture<String> answer =
                new CertainAnswers(topic, partitions).about(GROUP, () -> working);
        leaseHeld = false;
        working.complete("yesterday's offset");

        assertThat(errorOf(answer)).isEqualTo(Errors.NOT_COORDINATOR);
    }

    private List<Errors> describe() throws Exception {
        return coordination
                .describeGroups(context(ApiKeys.DESCRIBE_GROUPS), List.of(GROUP))
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .stream()
                .map(DescribeGroupsResponseData.DescribedGroup::errorCode)
                .map(Errors::forCode)
                .toList();
    }

    private List<String> listed() throws Exception {
        return coordination
                .listGroups(context(ApiKeys.LIST_GROUPS), new ListGroupsRequestData())
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .groups()
                .stream()
                .map(group -> group.groupId())
                .toList();
    }

    private OffsetFetchResponseGroup committed() throws Exception {
        return coordination
                .fetchOffsets(context(ApiKeys.OFFSET_FETCH), all(), false)
                .exceptionally(
                        failure ->
                                new OffsetFetchResponseGroup()
                                        .setErrorCode(CoordinatorFailure.errorOf(failure).code()))
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static long offset(OffsetFetchResponseGroup answer) {
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        return answer.topics().getFirst().partitions().getFirst().committedOffset();
    }

    private static OffsetFetchRequestGroup all() {
        return new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(null);
    }

    private void commit(long offset) throws Exception {
        var response =
                coordination
                        .commitOffsets(
                                context(ApiKeys.OFFSET_COMMIT),
                                new OffsetCommitRequestData()
                                        .setGroupId(GROUP)
                                        .setTopics(
                                                List.of(
                                                        new OffsetCommitRequestTopic()
                                                                .setName("orders")
                                                                .setPartitions(
                                                                        List.of(
                                                                                new OffsetCommitRequestPartition()
                                                                                        .setCommittedOffset(
                                                                                                offset))))))
                        .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(response.topics().getFirst().partitions().getFirst().errorCode()).isZero();
    }

    private static Errors errorOf(CompletableFuture<?> answer) {
        return answer.handle(
                        (done, failure) ->
                                failure == null ? Errors.NONE : CoordinatorFailure.errorOf(failure))
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private static RequestContext context(ApiKeys api) {
        short version =
                (short) (api == ApiKeys.OFFSET_FETCH || api == ApiKeys.OFFSET_COMMIT ? 9 : 5);
        return new RequestContext(
                api,
                version,
                0,
                "client",
                "connection",
                "PLAINTEXT",
                SecurityProtocol.PLAINTEXT,
                KafkaPrincipal.ANONYMOUS,
                InetAddress.getLoopbackAddress());
    }

    /**
     * @param eligible who could be elected in this broker's place
     */
    private void publish(List<Integer> eligible) {
        sequence++;
        StreamPosition position = new StreamPosition(1, sequence);
        PartitionState state =
                new PartitionState(
                        List.of(SELF, OTHER),
                        List.of(SELF),
                        eligible,
                        List.of(),
                        List.of(),
                        SELF,
                        1,
                        (int) sequence);
        Map<String, TopicState> topics =
                Map.of(
                        OffsetsTopic.NAME,
                        new TopicState(OFFSETS, OffsetsTopic.NAME, List.of(state)),
                        "orders",
                        new TopicState(ORDERS, "orders", List.of(state)));
        metadata.publish(
                new ClusterImage(
                        "test-cluster",
                        position,
                        Optional.of(SELF),
                        Map.of(
                                SELF,
                                new BrokerRegistration(
                                        SELF,
                                        1,
                                        Uuid.randomUuid(),
                                        List.of(),
                                        Optional.empty(),
                                        false)),
                        topics,
                        Map.of(OFFSETS, OffsetsTopic.NAME, ORDERS, "orders"),
                        Map.of(),
                        Set.of(),
                        Map.of()));
        await().atMost(LIMIT).until(() -> partitions.appliedPosition().equals(position));
    }

    private static final class NoController implements ControllerChannel {
        @Override
        public CompletableFuture<ApiMessage> submit(
                ApiKeys apiKey, short version, ApiMessage request, long timeoutMillis) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException());
        }

        @Override
        public CompletableFuture<ProducerIdBlock> nextProducerIdBlock() {
            return CompletableFuture.failedFuture(new UnsupportedOperationException());
        }
    }
}
