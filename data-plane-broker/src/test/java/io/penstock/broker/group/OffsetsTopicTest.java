package io.penstock.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.controller.ControllerCore;
import io.penstock.broker.controller.ControllerEvent;
import io.penstock.broker.controller.Decision;
import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.ClusterImages;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metadata.MetadataRecord;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.StreamPosition;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

class OffsetsTopicTest {

    private static final short REPLICAS = 3;

    private final Cluster cluster = new Cluster();
    private final OffsetsTopic topic = topic(OptionalInt.of(REPLICAS));

    private OffsetsTopic topic(OptionalInt replicationFactor) {
        return new OffsetsTopic(
                new GroupSettings(0, Map.of(), 5, replicationFactor, 1 << 20),
                cluster,
                cluster,
                1_000);
    }

    @Test
    void withTooFewBrokersThereIsNoTopicAndNoCoordinator() {
        cluster.register(0);
        cluster.register(1);

        assertThat(topic.ensureExists(Map.of())).isCompleted();

        assertThat(topic.exists()).isFalse();
        assertThat(topic.leaderFor("readers")).isEmpty();
    }

    @Test
    void whenEnoughBrokersAreLiveItHasAllItsReplicas() {
        cluster.register(0);
        topic.ensureExists(Map.of()).join();
        cluster.register(1);
        cluster.register(2);

        topic.ensureExists(Map.of()).join();

        assertThat(cluster.current().topic(OffsetsTopic.NAME).orElseThrow().partitions())
                .hasSize(5)
                .extracting(PartitionState::replicas)
                .allMatch(replicas -> replicas.size() == REPLICAS);
        assertThat(topic.leaderFor("readers")).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 3", "4, 3"})
    void withoutAConfiguredFactorTheLiveBrokersHaveToDo(int brokers, int replicas) {
        for (int id = 0; id < brokers; id++) {
            cluster.register(id);
        }

        topic(OptionalInt.empty()).ensureExists(Map.of()).join();

        assertThat(cluster.current().topic(OffsetsTopic.NAME).orElseThrow().partitions())
                .extracting(PartitionState::replicas)
                .allMatch(assigned -> assigned.size() == replicas);
    }

    /** The real controller's decisions, committed at once. */
    private static final class Cluster implements MetadataCache, ControllerChannel {
        private final ControllerCore core =
                new ControllerCore(Map.of(), new Random(1), Uuid::randomUuid);
        private ClusterImage image = ClusterImage.EMPTY;

        void register(int id) {
            commit(
                    List.of(
                            new MetadataRecord.BrokerRegistered(
                                    new BrokerRegistration(
                                            id,
                                            100 + id,
                                            new Uuid(id, 1),
                                            List.of(),
                                            Optional.empty(),
                                            false))));
        }

        private void commit(List<MetadataRecord> records) {
            StreamPosition next = new StreamPosition(1, image.position().sequence() + 1);
            image = ClusterImages.apply(image, records, next);
        }

        @Override
        public ClusterImage current() {
            return image;
        }

        @Override
        public void subscribe(Listener listener) {
            listener.onImage(ClusterImage.EMPTY, image);
        }

        @Override
        public CompletableFuture<ApiMessage> submit(
                ApiKeys apiKey, short version, ApiMessage request, long timeoutMillis) {
            Decision decision =
                    core.decide(
                            image, new ControllerEvent.Administration(apiKey, version, request));
            commit(decision.records());
            return CompletableFuture.completedFuture(decision.reply().orElseThrow());
        }

        @Override
        public CompletableFuture<ProducerIdBlock> nextProducerIdBlock() {
            return CompletableFuture.failedFuture(new UnsupportedOperationException());
        }
    }
}
