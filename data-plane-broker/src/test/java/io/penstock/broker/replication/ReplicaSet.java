package io.penstock.broker.replication;

import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.log.AppendOrigin;
import io.penstock.broker.log.AppendResult;
import io.penstock.broker.log.Batches;
import io.penstock.broker.log.LogDirectories;
import io.penstock.broker.log.LogDirectoriesOptions;
import io.penstock.broker.log.LogSlice;
import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.StreamPosition;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.protocol.FetchedRecords;
import io.penstock.broker.protocol.record.KafkaDecompression;
import io.penstock.broker.replication.Partition.Isolation;
import io.penstock.broker.time.Scheduler;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.security.auth.SecurityProtocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Brokers with a replica each of one partition, in one thread: real logs, partitions, fetchers and
 * sessions. The test is the controller, the network and the clock.
 */
final class ReplicaSet implements AutoCloseable {

    static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    static final short ACKS_ALL = -1;
    private static final Uuid TOPIC_ID = new Uuid(3, 3);

    final ManualTime time = new ManualTime();
    final Set<Integer> leaseless = new HashSet<>();
    final List<Question> questions = new ArrayList<>();
    private final Map<Integer, Broker> brokers = new HashMap<>();
    private final Map<Integer, HeldDisk> disks = new HashMap<>();
    private final Set<List<Integer>> cuts = new HashSet<>();
    private final int minimumInSync;
    final Map<String, String> topicConfigs = new HashMap<>();
    final Map<String, String> brokerConfigs = new HashMap<>();
    private final Set<Integer> fenced = new HashSet<>();
    private int sequence;
    private int fetches;

    /** A proposal of in-sync replicas that waits for the test's answer. */
    record Question(AlterPartitionRequestData request, CompletableFuture<ApiMessage> reply) {

        List<Integer> members() {
            return request.topics().getFirst().partitions().getFirst().newIsrWithEpochs().stream()
                    .map(AlterPartitionRequestData.BrokerState::brokerId)
                    .sorted()
                    .toList();
        }
    }

    ReplicaSet(Path folder, int count, int minimumInSync) {
        this.minimumInSync = minimumInSync;
        for (int id = 1; id <= count; id++) {
            brokers.put(id, new Broker(id, onDisk(id, folder.resolve("broker-" + id))));
        }
    }

    /** On disks that work when the test lets them. */
    ReplicaSet(int count, int minimumInSync) {
        this.minimumInSync = minimumInSync;
        for (int id = 1; id <= count; id++) {
            disks.put(id, new HeldDisk(time));
            brokers.put(id, new Broker(id, disks.get(id)));
        }
    }

    private ReplicaLogs onDisk(int id, Path folder) {
        return new DiskLogs(
                LogDirectories.open(
                        LogDirectoriesOptions.defaults(List.of(folder), id, "cluster"),
                        time,
                        new KafkaDecompression()));
    }

    HeldDisk disk(int broker) {
        return disks.get(broker);
    }

    /** One broker, and what it knows of the cluster. */
    private final class Broker implements MetadataCache, ControllerChannel {
        private final List<Listener> listeners = new ArrayList<>();
        private final LocalPartitions partitions;
        private final FollowerFetches fetches;
        private ClusterImage current = ClusterImage.EMPTY;

        Broker(int id, ReplicaLogs logs) {
            partitions =
                    new LocalPartitions(
                            new ReplicationSurroundings(
                                    id,
                                    () -> id * 100L,
                                    ReplicationSettings.DEFAULTS,
                                    this,
                                    this,
                                    () -> !leaseless.contains(id),
                                    "INTERNAL",
                                    name -> new Loop(id, time.create(name)),
                                    PeerEnds.IGNORED,
                                    time,
                                    time),
                            logs,
                            Map.of());
            fetches = new FollowerFetches(this, partitions, time);
            partitions.start(this);
        }

        @Override
        public ClusterImage current() {
            return current;
        }

        @Override
        public void subscribe(Listener listener) {
            listeners.add(listener);
        }

        void learn(ClusterImage next) {
            ClusterImage previous = current;
            current = next;
            listeners.forEach(listener -> listener.onImage(previous, next));
        }

        @Override
        public CompletableFuture<ApiMessage> submit(
                ApiKeys apiKey, short version, ApiMessage request, long timeoutMillis) {
            CompletableFuture<ApiMessage> reply = new CompletableFuture<>();
            questions.add(new Question((AlterPartitionRequestData) request, reply));
            return reply;
        }

        @Override
        public CompletableFuture<ProducerIdBlock> nextProducerIdBlock() {
            return CompletableFuture.failedFuture(new UnsupportedOperationException());
        }
    }

    /** Connections that hand messages over, until the test cuts the link. */
    private final class Loop implements FetcherLoop {
        private final int self;
        private final Scheduler scheduler;

        Loop(int self, Scheduler scheduler) {
            this.self = self;
            this.scheduler = scheduler;
        }

        @Override
        public Scheduler scheduler() {
            return scheduler;
        }

        @Override
        public LeaderConnection connect(Endpoint leader, LeaderConnection.EndedByPeer ended) {
            String connectionId = self + "-" + leader.port() + "-" + sequence++;
            return new LeaderConnection() {
                private boolean closed;

                @Override
                public void fetch(FetchRequestData request, Answer answer) {
                    fetches++;
                    scheduler.execute(() -> deliver(request, answer));
                }

                private void deliver(FetchRequestData request, Answer answer) {
                    if (closed || isCut(self, leader.port())) {
                        answer.failed(new IOException("cut"));
                        return;
                    }
                    brokers.get(leader.port())
                            .fetches
                            .fetch(
                                    request,
                                    new FollowerFetches.Caller(connectionId, "fetcher-" + self),
                                    scheduler)
                            .thenAccept(
                                    response ->
                                            scheduler.execute(
                                                    () -> {
                                                        FetchedRecords.readAll(response);
                                                        if (closed || isCut(self, leader.port())) {
                                                            answer.failed(new IOException("cut"));
                                                        } else {
                                                            answer.fetched(response);
                                                        }
                                                    }));
                }

                @Override
                public void close() {
                    closed = true;
                }
            };
        }
    }

    private boolean isCut(int follower, int leader) {
        return cuts.contains(List.of(follower, leader));
    }

    void cut(int follower, int leader) {
        cuts.add(List.of(follower, leader));
    }

    void mend(int follower, int leader) {
        cuts.remove(List.of(follower, leader));
    }

    void fence(int broker) {
        fenced.add(broker);
    }

    static PartitionState state(
            int leader, int leaderEpoch, int partitionEpoch, Integer... inSync) {
        return new PartitionState(
                List.of(1, 2, 3),
                List.of(inSync),
                List.of(),
                List.of(),
                List.of(),
                leader,
                leaderEpoch,
                partitionEpoch);
    }

    /** Everybody learns the state, and does what follows from it at once. */
    void publish(PartitionState state) {
        brokers.keySet().forEach(id -> tell(id, state));
        time.settle();
    }

    /** Only one broker learns it. */
    void tell(int broker, PartitionState state) {
        brokers.get(broker).learn(image(state));
    }

    private ClusterImage image(PartitionState state) {
        Map<Integer, BrokerRegistration> registered = new HashMap<>();
        for (int id : brokers.keySet()) {
            registered.put(
                    id,
                    new BrokerRegistration(
                            id,
                            id * 100L,
                            new Uuid(id, id),
                            List.of(
                                    new Endpoint(
                                            "INTERNAL", "there", id, SecurityProtocol.PLAINTEXT)),
                            Optional.empty(),
                            fenced.contains(id)));
        }
        return new ClusterImage(
                "cluster",
                new StreamPosition(1, ++sequence),
                Optional.empty(),
                registered,
                Map.of("orders", new TopicState(TOPIC_ID, "orders", List.of(state))),
                Map.of(TOPIC_ID, "orders"),
                configs(),
                Set.of(),
                Map.of());
    }

    private Map<ConfigResource, Map<String, String>> configs() {
        Map<String, String> topic = new HashMap<>(topicConfigs);
        topic.put("min.insync.replicas", Integer.toString(minimumInSync));
        return Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, "orders"),
                topic,
                new ConfigResource(ConfigResource.Type.BROKER, ""),
                Map.copyOf(brokerConfigs));
    }

    /** How often followers have asked. */
    int fetches() {
        return fetches;
    }

    LocalPartition on(int broker) {
        return brokers.get(broker).partitions.findLocal(ORDERS).orElseThrow();
    }

    LocalPartitions partitions(int broker) {
        return brokers.get(broker).partitions;
    }

    AppendResult append(int broker, String... values) {
        return on(broker)
                .append(
                        Batches.of(Batches.records(time.wallMillis(), values)),
                        AppendOrigin.CLIENT,
                        ACKS_ALL);
    }

    /** The bytes of a replica's log, as the log itself holds them. */
    ByteBuffer bytes(int broker) throws IOException {
        ReplicaLog log = on(broker).log();
        ByteBuffer all = ByteBuffer.allocate(1 << 20);
        long next = log.logStartOffset();
        Optional<LogSlice> slice = log.read(next, 1 << 20, true, log.end());
        if (slice.isPresent()) {
            slice.get().readInto(all);
            slice.get().release();
        }
        return all.flip();
    }

    ReadResult readAsConsumer(int broker, long offset) {
        return on(broker).read(offset, -1, 1 << 20, true, Isolation.READ_UNCOMMITTED);
    }

    void advance(Duration by) {
        time.advance(by);
    }

    @Override
    public void close() throws IOException {
        for (Broker broker : brokers.values()) {
            broker.partitions.close();
        }
    }
}
