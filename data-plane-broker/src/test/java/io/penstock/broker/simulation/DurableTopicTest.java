package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.log.Batches;
import io.penstock.broker.log.MemoryLog;
import io.penstock.broker.metadata.PartitionState;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** What a producer to a topic with flush.messages=1 may count on (I8). */
class DurableTopicTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int SIZE = 3;
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final long NOW = 1_800_000_000_000L;

    private final SimulatedCluster cluster = new SimulatedCluster(1, SIZE, Mutation.NONE);

    @BeforeEach
    void form() {
        for (int id = 0; id < SIZE; id++) {
            cluster.start(id);
        }
        expect(() -> cluster.brokers().stream().allMatch(b -> b.image().brokers().size() == SIZE));
        CreatableTopic topic =
                new CreatableTopic()
                        .setName(ORDERS.topic())
                        .setNumPartitions(1)
                        .setReplicationFactor((short) SIZE);
        topic.configs()
                .add(
                        new CreatableTopicConfig()
                                .setName(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG)
                                .setValue("1"));
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
        request.topics().add(topic);
        cluster.brokers()
                .getFirst()
                .membership()
                .controller()
                .submit(ApiKeys.CREATE_TOPICS, (short) 7, request, 10_000);
        expect(() -> leader().isPresent());
    }

    /** Every time, also for a batch that is sent again because its answer was lost. */
    @ParameterizedTest
    @ValueSource(shorts = {1, -1})
    void whatIsAcknowledgedIsOnDiskThatVeryMoment(short acks) {
        for (int sequence = 0; sequence < 10; sequence++) {
            for (int time = 0; time < 2; time++) {
                Map<Integer, Long> onDisk = flushedWhenAcknowledged(acks, sequence);
                long end = sequence + 1;
                if (acks == 1) {
                    assertThat(onDisk).containsEntry(leader().orElseThrow().id(), end);
                } else {
                    assertThat(onDisk)
                            .hasSize(SIZE)
                            .allSatisfy((id, at) -> assertThat(at).isEqualTo(end));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5})
    void aLossOfAllPowerLosesNothingThatIsAcknowledged(long pauses) {
        long acknowledged = 0;
        for (int sequence = 0; sequence < 20 + pauses; sequence++) {
            flushedWhenAcknowledged((short) -1, sequence);
            acknowledged++;
        }
        send((short) -1, 20 + (int) pauses);
        cluster.runFor(Duration.ofMillis(7 * pauses + 1));

        for (int id = 0; id < SIZE; id++) {
            cluster.losePower(id);
        }
        for (int id = 0; id < SIZE; id++) {
            cluster.start(id);
        }
        expect(() -> leader().isPresent());

        MemoryLog log = leader().orElseThrow().machine().logs().get(ORDERS);
        assertThat(log.end().offset()).isGreaterThanOrEqualTo(acknowledged);
        expect(() -> state().filter(state -> state.inSync().size() == SIZE).isPresent());
    }

    private Optional<PartitionState> state() {
        return leader().flatMap(b -> b.image().partition(ORDERS.topic(), ORDERS.partition()));
    }

    private Optional<SimulatedBroker> leader() {
        return cluster.brokers().stream()
                .filter(
                        broker ->
                                broker.partitions()
                                        .findLocal(ORDERS)
                                        .filter(local -> local.isLeader())
                                        .isPresent())
                .findFirst();
    }

    /** How far each log was on disk when the producer was answered. */
    private Map<Integer, Long> flushedWhenAcknowledged(short acks, int sequence) {
        Map<Integer, Long> onDisk = new HashMap<>();
        send(acks, sequence)
                .whenComplete(
                        (response, failure) ->
                                cluster.machines()
                                        .forEach(
                                                machine ->
                                                        onDisk.put(
                                                                machine.brokerId(),
                                                                machine.logs()
                                                                        .get(ORDERS)
                                                                        .flushedTo())));
        expect(() -> !onDisk.isEmpty());
        return onDisk;
    }

    private CompletableFuture<ProduceResponseData> send(short acks, int sequence) {
        Uuid topicId = cluster.brokers().getFirst().image().topic("orders").orElseThrow().id();
        ProduceRequestData request = new ProduceRequestData().setAcks(acks).setTimeoutMs(5_000);
        request.topicData()
                .add(
                        new ProduceRequestData.TopicProduceData()
                                .setTopicId(topicId)
                                .setPartitionData(
                                        List.of(
                                                new ProduceRequestData.PartitionProduceData()
                                                        .setIndex(0)
                                                        .setRecords(
                                                                MemoryRecords.readableRecords(
                                                                        Batches.idempotent(
                                                                                7,
                                                                                0,
                                                                                sequence,
                                                                                Batches.record(
                                                                                        NOW,
                                                                                        "v")))))));
        return leader().orElseThrow()
                .produce(request)
                .thenApply(
                        response -> {
                            assertThat(
                                            response.responses()
                                                    .iterator()
                                                    .next()
                                                    .partitionResponses()
                                                    .getFirst()
                                                    .errorCode())
                                    .isEqualTo(Errors.NONE.code());
                            return response;
                        })
                .toCompletableFuture();
    }

    private void expect(BooleanSupplier condition) {
        assertThat(cluster.runUntil(LIMIT, condition)).isTrue();
    }
}
