package io.penstock.broker.testing;

import io.penstock.broker.config.BrokerConfig;
import io.penstock.broker.config.ListenerSettings;
import io.penstock.broker.controller.ControllerChannel;
import io.penstock.broker.handler.FetchHandler;
import io.penstock.broker.handler.InitProducerIdHandler;
import io.penstock.broker.handler.ListOffsetsHandler;
import io.penstock.broker.handler.MetadataHandler;
import io.penstock.broker.handler.OffsetForLeaderEpochHandler;
import io.penstock.broker.handler.ProduceHandler;
import io.penstock.broker.handler.RequestRouter;
import io.penstock.broker.log.LogDirectories;
import io.penstock.broker.log.LogDirectoriesOptions;
import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.metadata.ImageCache;
import io.penstock.broker.metadata.PartitionState;
import io.penstock.broker.metadata.StreamPosition;
import io.penstock.broker.metadata.TopicState;
import io.penstock.broker.metrics.TrafficMetrics;
import io.penstock.broker.network.EventLoops;
import io.penstock.broker.network.InternalRequests;
import io.penstock.broker.network.NetworkObserver;
import io.penstock.broker.network.NetworkServer;
import io.penstock.broker.protocol.record.KafkaDecompression;
import io.penstock.broker.replication.DiskLogs;
import io.penstock.broker.replication.FollowerFetches;
import io.penstock.broker.replication.LocalPartitions;
import io.penstock.broker.security.Authenticators;
import io.penstock.broker.security.Authorizers;
import io.penstock.broker.security.RequestAuthorizer;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.awaitility.Awaitility;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One broker on loopback with real sockets, log and handlers. Only the controller is missing: the
 * test says what the cluster's image is.
 */
public final class TestBroker implements AutoCloseable {

    private static final int ID = 0;

    private final Properties properties = new Properties();
    private final Map<String, TopicState> topics = new HashMap<>();
    private final Map<ConfigResource, Map<String, String>> topicConfigs = new HashMap<>();
    private final Set<AclBinding> acls = new HashSet<>();
    private final Map<String, Map<String, ScramCredential>> scram = new HashMap<>();
    private final ImageCache metadata = new ImageCache();
    private final AtomicLong sequence = new AtomicLong();
    private final ExecutorService diskReads = Executors.newSingleThreadExecutor();
    private BrokerConfig config;
    private EventLoops loops;
    private LogDirectories directories;
    private LocalPartitions partitions;
    private NetworkServer server;

    public TestBroker(Path folder) {
        properties.setProperty("broker.id", Integer.toString(ID));
        properties.setProperty("log.dirs", folder.resolve("log").toString());
        properties.setProperty("zookeeper.connect", "127.0.0.1:1");
        properties.setProperty("listeners", "PLAINTEXT://127.0.0.1:0");
    }

    public TestBroker with(String property, String value) {
        properties.setProperty(property, value);
        return this;
    }

    public TestBroker withTopic(String name, int partitionCount, Map<String, String> configs) {
        List<PartitionState> states =
                Collections.nCopies(
                        partitionCount,
                        new PartitionState(
                                List.of(ID),
                                List.of(ID),
                                List.of(),
                                List.of(),
                                List.of(),
                                ID,
                                0,
                                0));
        topics.put(name, new TopicState(Uuid.randomUuid(), name, states));
        topicConfigs.put(new ConfigResource(ConfigResource.Type.TOPIC, name), configs);
        return this;
    }

    /** A topic of one partition in this state, which may change while the broker runs. */
    public TestBroker withPartition(String name, PartitionState state) {
        Uuid id = topics.containsKey(name) ? topics.get(name).id() : Uuid.randomUuid();
        topics.put(name, new TopicState(id, name, List.of(state)));
        return this;
    }

    public TestBroker withAcl(AclBinding acl) {
        acls.add(acl);
        return this;
    }

    public TestBroker withScram(String user, String mechanism, ScramCredential credential) {
        scram.computeIfAbsent(user, ignored -> new HashMap<>()).put(mechanism, credential);
        return this;
    }

    public TestBroker start() throws Exception {
        config = BrokerConfig.from(properties);
        loops = EventLoops.start(2);
        directories =
                LogDirectories.open(
                        LogDirectoriesOptions.defaults(config.logDirectories(), ID, "test-cluster"),
                        Clock.SYSTEM,
                        new KafkaDecompression());
        partitions =
                new LocalPartitions(
                        AloneSurroundings.of(ID, metadata),
                        new DiskLogs(directories),
                        config.values().explicit());
        RequestAuthorizer authorizer = Authorizers.of(config.authorization(), metadata);
        ControllerChannel controller = new ProducerIdsOnly();
        RequestRouter router =
                new RequestRouter(
                        List.of(
                                new MetadataHandler(metadata, controller, authorizer, false),
                                new InitProducerIdHandler(controller, authorizer),
                                new ProduceHandler(
                                        metadata,
                                        partitions,
                                        authorizer,
                                        loops::current,
                                        List.of("delete"),
                                        new TrafficMetrics()),
                                new FetchHandler(
                                        metadata,
                                        partitions,
                                        new FollowerFetches(metadata, partitions, Clock.SYSTEM),
                                        authorizer,
                                        loops::current,
                                        Clock.SYSTEM,
                                        new FetchHandler.Settings(
                                                config.interBrokerListener(),
                                                config.values().integer("fetch.max.bytes"),
                                                1000,
                                                false)),
                                new ListOffsetsHandler(metadata, partitions, authorizer, diskReads),
                                new OffsetForLeaderEpochHandler(metadata, partitions, authorizer)),
                        ID,
                        metadata);
        server =
                NetworkServer.bind(
                        config,
                        loops,
                        new NetworkServer.Services(
                                router,
                                InternalRequests.NONE,
                                new Authenticators(metadata, Clock.SYSTEM),
                                NetworkObserver.NONE,
                                Clock.SYSTEM));
        partitions.start(metadata);
        publish();
        return this;
    }

    /** Makes the image known that the test has described so far, and waits until it is applied. */
    public void publish() {
        StreamPosition position = new StreamPosition(1, sequence.incrementAndGet());
        List<Endpoint> endpoints = new ArrayList<>();
        for (ListenerSettings listener : config.listeners()) {
            endpoints.add(
                    new Endpoint(
                            listener.name(),
                            "127.0.0.1",
                            address(listener.name()).getPort(),
                            listener.protocol()));
        }
        Map<Uuid, String> names = new HashMap<>();
        topics.values().forEach(topic -> names.put(topic.id(), topic.name()));
        metadata.publish(
                new ClusterImage(
                        "test-cluster",
                        position,
                        Optional.of(ID),
                        Map.of(
                                ID,
                                new BrokerRegistration(
                                        ID,
                                        1,
                                        Uuid.randomUuid(),
                                        endpoints,
                                        Optional.empty(),
                                        false)),
                        Map.copyOf(topics),
                        names,
                        Map.copyOf(topicConfigs),
                        Set.copyOf(acls),
                        Map.copyOf(scram)));
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> partitions.appliedPosition().equals(position));
    }

    public InetSocketAddress address(String listener) {
        return server.address(listener);
    }

    public String bootstrap(String listener) {
        return "127.0.0.1:" + address(listener).getPort();
    }

    public int connectionCount() {
        return server.connectionCount();
    }

    public TopicState topic(String name) {
        return topics.get(name);
    }

    @Override
    public void close() throws Exception {
        server.close();
        partitions.close();
        directories.close();
        metadata.close();
        loops.close();
        diskReads.shutdown();
    }

    private static final class ProducerIdsOnly implements ControllerChannel {

        private static final int BLOCK = 3;
        private final AtomicLong next = new AtomicLong();

        @Override
        public CompletableFuture<ApiMessage> submit(
                ApiKeys apiKey, short version, ApiMessage request, long timeoutMillis) {
            return CompletableFuture.failedFuture(new UnsupportedOperationException());
        }

        @Override
        public CompletableFuture<ProducerIdBlock> nextProducerIdBlock() {
            return CompletableFuture.completedFuture(
                    new ProducerIdBlock(next.getAndAdd(BLOCK), BLOCK));
        }
    }
}
