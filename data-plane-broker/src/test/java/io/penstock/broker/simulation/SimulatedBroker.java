package io.penstock.broker.simulation;

import io.penstock.broker.controller.ClusterMembership;
import io.penstock.broker.controller.ControllerOnlooker;
import io.penstock.broker.controller.MembershipSettings;
import io.penstock.broker.controller.Surroundings;
import io.penstock.broker.handler.FetchHandler;
import io.penstock.broker.handler.ProduceHandler;
import io.penstock.broker.log.MemoryLog;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.metrics.TrafficMetrics;
import io.penstock.broker.network.InternalRequests;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.protocol.SentRecords;
import io.penstock.broker.replication.FollowerFetches;
import io.penstock.broker.replication.LocalPartitions;
import io.penstock.broker.replication.ReplicationSettings;
import io.penstock.broker.replication.ReplicationSurroundings;
import io.penstock.broker.security.RequestAuthorizer;
import io.penstock.broker.time.Scheduler;
import io.penstock.broker.zk.ZkSettings;
import io.penstock.broker.zk.ZooKeeperClient;

import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One process of a broker: the real membership, replication and handlers, wired as the real one.
 */
final class SimulatedBroker {

    private static final String LISTENER = "INTERNAL";
    private static final int PORT = 9093;
    private static final short FETCH_VERSION = 17;
    private static final short PRODUCE_VERSION = 13;

    /** Kafka's, but less patient: a life is short. */
    private static final ReplicationSettings SETTINGS =
            new ReplicationSettings(
                    Duration.ofSeconds(4),
                    Duration.ofMillis(2_500),
                    Duration.ofMillis(500),
                    1,
                    2_048,
                    8_192,
                    Duration.ofMillis(500),
                    Duration.ofSeconds(4),
                    1);

    private static final FetchHandler.Settings FETCH_SETTINGS =
            new FetchHandler.Settings(LISTENER, 1 << 20, 0, false);

    private static final RequestAuthorizer EVERYTHING =
            new RequestAuthorizer() {
                @Override
                public boolean isAllowed(
                        RequestContext context,
                        AclOperation operation,
                        ResourceType resourceType,
                        String resourceName) {
                    return true;
                }

                @Override
                public boolean isAllowedOnAny(
                        RequestContext context, AclOperation operation, ResourceType type) {
                    return true;
                }
            };

    private final SimulatedMachine machine;
    private final SimulatedProcess process;
    private final SimulatedNetwork network;
    private final ClusterMembership membership;
    private final LocalPartitions partitions;
    private final FollowerFetches followers;
    private final FetchHandler fetch;
    private final ProduceHandler produce;
    private final Scheduler requests;

    /**
     * What a broker's process finds when it starts.
     *
     * @param incarnation another for every process
     * @param brokers whoever listens on a host
     * @param onlookers of what is appended
     */
    record World(
            SimulatedNetwork network,
            ZooKeeperClient zooKeeper,
            SimulatedPeers peers,
            Function<String, SimulatedBroker> brokers,
            Function<TopicIdPartition, MemoryLog.Onlooker> onlookers,
            int incarnation,
            Map<String, String> properties,
            SplittableRandom random) {}

    /**
     * @throws io.penstock.broker.zk.ZkException when ZooKeeper is not reached
     */
    SimulatedBroker(SimulatedMachine machine, SimulatedProcess process, World world) {
        this.machine = machine;
        this.process = process;
        this.network = world.network();
        Surroundings surroundings =
                new Surroundings(
                        world.zooKeeper(),
                        world.peers(),
                        machine.keptSession(),
                        process::scheduler,
                        process.clock(),
                        world.random()::split,
                        topicIds(world.random().split()));
        this.membership = ClusterMembership.in(surroundings, settings(machine, world));
        this.partitions =
                new LocalPartitions(
                        replication(world),
                        new MemoryLogs(machine, process, world.random().split(), world.onlookers()),
                        world.properties());
        this.requests = process.scheduler("requests");
        SimulatedLoop loop = new SimulatedLoop(requests);
        this.followers = new FollowerFetches(membership.metadata(), partitions, process.clock());
        this.fetch =
                new FetchHandler(
                        membership.metadata(),
                        partitions,
                        followers,
                        EVERYTHING,
                        () -> loop,
                        process.clock(),
                        FETCH_SETTINGS);
        this.produce =
                new ProduceHandler(
                        membership.metadata(),
                        partitions,
                        EVERYTHING,
                        () -> loop,
                        List.of(),
                        new TrafficMetrics());
    }

    private static Supplier<Uuid> topicIds(SplittableRandom random) {
        return () -> new Uuid(random.nextLong(), random.nextLong());
    }

    private static MembershipSettings settings(SimulatedMachine machine, World world) {
        return new MembershipSettings(
                machine.brokerId(),
                new Uuid(machine.brokerId() + 1L, world.incarnation()),
                List.of(new Endpoint(LISTENER, machine.host(), PORT, SecurityProtocol.PLAINTEXT)),
                Optional.empty(),
                LISTENER,
                Optional.empty(),
                principal -> true,
                Path.of("unused"),
                new ZkSettings(
                        SimulatedEnsemble.HOST,
                        Duration.ofMillis(SimulatedEnsemble.SESSION_TIMEOUT_MILLIS),
                        Duration.ofSeconds(10),
                        Map.of()),
                world.properties());
    }

    private ReplicationSurroundings replication(World world) {
        return new ReplicationSurroundings(
                machine.brokerId(),
                membership::brokerEpoch,
                SETTINGS,
                membership.metadata(),
                membership.controller(),
                membership.lease(),
                LISTENER,
                name ->
                        new SimulatedFetcherLoop(
                                "broker-" + machine.brokerId() + "-" + name,
                                process.scheduler(name),
                                world.peers(),
                                world.brokers()),
                membership::suspect,
                process::scheduler,
                process.clock());
    }

    /** In the order of the real broker's start; a failure of any part ends the process. */
    void start(Runnable exit) {
        membership
                .endLeftOverSession()
                .thenCompose(
                        done -> {
                            network.listen(machine.host(), process);
                            return membership.join(machine.runRecord());
                        })
                .thenRun(() -> partitions.start(membership.metadata()))
                .whenComplete(
                        (done, failure) -> {
                            if (failure != null) {
                                exit.run();
                            }
                        });
    }

    /** A controlled stop, in the order of the real broker's. */
    void stop(Runnable exit) {
        ControllerOnlooker.stopping(membership, id())
                .whenComplete(
                        (done, failure) -> {
                            try {
                                partitions.close(membership.brokerEpoch());
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                            membership.leave();
                            exit.run();
                        });
    }

    CompletableFuture<FetchResponseData> replicaFetch(
            String connectionId, String clientId, FetchRequestData request) {
        return followers
                .fetch(request, new FollowerFetches.Caller(connectionId, clientId), requests)
                .thenApply(SentRecords::sent);
    }

    CompletionStage<FetchResponseData> consumerFetch(FetchRequestData request) {
        return fetch.handle(context(ApiKeys.FETCH, FETCH_VERSION), request)
                .thenApply(SentRecords::sent);
    }

    CompletionStage<ProduceResponseData> produce(ProduceRequestData request) {
        return produce.handle(context(ApiKeys.PRODUCE, PRODUCE_VERSION), request);
    }

    private static RequestContext context(ApiKeys apiKey, short version) {
        return new RequestContext(
                apiKey,
                version,
                0,
                "client",
                "connection",
                LISTENER,
                SecurityProtocol.PLAINTEXT,
                KafkaPrincipal.ANONYMOUS,
                InetAddress.getLoopbackAddress());
    }

    int id() {
        return machine.brokerId();
    }

    SimulatedMachine machine() {
        return machine;
    }

    SimulatedProcess process() {
        return process;
    }

    ClusterMembership membership() {
        return membership;
    }

    ClusterImage image() {
        return membership.metadata().current();
    }

    LocalPartitions partitions() {
        return partitions;
    }

    InternalRequests internalRequests() {
        return membership.internalRequests();
    }
}
