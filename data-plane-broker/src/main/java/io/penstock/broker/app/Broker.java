package io.penstock.broker.app;

import io.penstock.broker.config.BrokerConfig;
import io.penstock.broker.config.PropertyValues;
import io.penstock.broker.controller.ClusterMembership;
import io.penstock.broker.controller.MembershipSettings;
import io.penstock.broker.controller.RunFiles;
import io.penstock.broker.controller.RunRecord;
import io.penstock.broker.group.GroupCoordination;
import io.penstock.broker.group.GroupSettings;
import io.penstock.broker.handler.RequestRouter;
import io.penstock.broker.log.CleanerOptions;
import io.penstock.broker.log.LogDirectories;
import io.penstock.broker.log.LogDirectoriesOptions;
import io.penstock.broker.log.LogDirectoryListener;
import io.penstock.broker.log.RecoveryProgress;
import io.penstock.broker.metrics.OpenMetrics;
import io.penstock.broker.metrics.TrafficMetrics;
import io.penstock.broker.network.EventLoops;
import io.penstock.broker.network.NetworkServer;
import io.penstock.broker.network.TlsContexts;
import io.penstock.broker.protocol.record.KafkaDecompression;
import io.penstock.broker.replication.DiskLogs;
import io.penstock.broker.replication.LocalPartitions;
import io.penstock.broker.replication.NettyFetcherLoops;
import io.penstock.broker.replication.ReplicationSettings;
import io.penstock.broker.replication.ReplicationSurroundings;
import io.penstock.broker.security.Authenticators;
import io.penstock.broker.security.Authorizers;
import io.penstock.broker.security.RequestAuthorizer;
import io.penstock.broker.time.Clock;
import io.penstock.broker.time.SchedulerThread;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One broker, put together. It starts from the ground up: the session with ZooKeeper, the logs and
 * their recovery, the listeners, the registration, the partitions that the metadata gives it, and
 * last the group coordinator, whose classes take longest to load. It stops in the opposite order,
 * after it told the controller.
 */
final class Broker implements Foreground.Server, ManagementSource, LogDirectoryListener {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
    private static final String OFFSETS_REPLICAS = "offsets.topic.replication.factor";
    private static final long REGISTRATION_LIMIT_MILLIS = 60_000;
    private static final long CONTROLLED_STOP_MILLIS = 5_000;

    private static final int DISK_READ_THREADS = 2;

    private interface Closing {
        void close() throws IOException;
    }

    private final BrokerConfig config;
    private final String version;
    private final long startedNanos = System.nanoTime();
    private final Clock clock = Clock.SYSTEM;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final TrafficMetrics traffic = new TrafficMetrics();
    private final Map<Path, RecoveryProgress> recovery = new ConcurrentHashMap<>();

    /** What was started, last first. */
    private final Deque<Closing> closings = new ArrayDeque<>();

    private volatile Health.State state = Health.State.STARTING;
    private volatile BrokerMetrics metrics;
    private Optional<ManagementServer> management = Optional.empty();
    private ClusterMembership membership;
    private NetworkServer network;
    private ExecutorService diskReads;

    private Broker(BrokerConfig config, String version) {
        this.config = config;
        this.version = version;
    }

    /**
     * Returns when the broker is registered and its listeners are open.
     *
     * @throws IOException when a listener cannot be opened
     */
    static Broker start(BrokerConfig config, String version) throws IOException {
        Broker broker = new Broker(config, version);
        try {
            broker.start();
            return broker;
        } catch (IOException | RuntimeException e) {
            broker.closeAll();
            throw e;
        }
    }

    private void start() throws IOException {
        PropertyValues values = config.values();
        membership = ClusterMembership.connect(MembershipSettings.from(config, Uuid.randomUuid()));
        closings.push(membership::leave);
        phase("ZooKeeper is reached");
        management =
                config.managementListener()
                        .map(
                                address ->
                                        ManagementServer.start(
                                                new InetSocketAddress(
                                                        address.host(), address.port()),
                                                config.interBroker()
                                                        .tls()
                                                        .map(ManagementTls::server),
                                                this));
        management.ifPresent(server -> closings.push(server::close));
        LogDirectories directories =
                LogDirectories.open(logOptions(), clock, new KafkaDecompression(), recovery);
        directories.addListener(this);
        phase("the logs are open");
        EventLoops loops = EventLoops.start(config.network().eventLoops());
        closings.push(loops::close);
        LocalPartitions partitions =
                new LocalPartitions(
                        replication(loops), new DiskLogs(directories), values.explicit());
        closings.push(() -> partitions.close(membership.brokerEpoch()));
        RequestAuthorizer authorizer =
                Authorizers.of(config.authorization(), membership.metadata());
        GroupCoordination coordination = groups(partitions, authorizer);
        closings.push(coordination::close);
        partitions.addListener(coordination);
        // Also before the partitions: nothing is to touch a log that closes.
        closings.push(loops::close);
        diskReads =
                Executors.newFixedThreadPool(
                        DISK_READ_THREADS,
                        Thread.ofPlatform().daemon().name("disk-read-", 0).factory());
        closings.push(diskReads::shutdownNow);
        metrics =
                new BrokerMetrics(
                        config.brokerId(),
                        partitions,
                        membership.metadata(),
                        coordination,
                        directories,
                        traffic,
                        diskReads);
        closings.push(membership::leave);
        network = listen(loops, directories, partitions, authorizer, coordination);
        closings.push(network::close);
        phase("the listeners are open");
        join(RunFiles.of(config.logDirectories(), directories.cleanShutdownEpoch()));
        phase("the broker is registered");
        partitions.start(membership.metadata());
        awaitRegistration();
        network.acceptClients();
        state = Health.State.RUNNING;
        LOG.info(
                "Broker {} of cluster {} serves after {} ms",
                config.brokerId(),
                membership.clusterId(),
                uptimeMillis());
        coordination.start();
        List<String> idle = config.values().withoutEffect();
        if (!idle.isEmpty()) {
            LOG.info("Properties that have no effect on this broker: {}", String.join(", ", idle));
        }
    }

    private void phase(String reached) {
        LOG.debug("{} after {} ms", reached, uptimeMillis());
    }

    private void join(RunRecord record) {
        try {
            membership.join(record).get(REGISTRATION_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted while registering", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new StartException("this broker cannot be registered", e.getCause());
        } catch (TimeoutException e) {
            throw new StartException(
                    "ZooKeeper did not take this broker's registration within "
                            + TimeUnit.MILLISECONDS.toSeconds(REGISTRATION_LIMIT_MILLIS)
                            + " s",
                    e);
        }
    }

    private void awaitRegistration() {
        try {
            membership.whenUpToDate(REGISTRATION_LIMIT_MILLIS).join();
        } catch (CompletionException e) {
            throw new StartException(
                    "the controller's metadata did not show this broker within "
                            + TimeUnit.MILLISECONDS.toSeconds(REGISTRATION_LIMIT_MILLIS)
                            + " s; see the controller's log, and whether super.users names the"
                            + " brokers' principals",
                    e);
        }
    }

    private ReplicationSurroundings replication(EventLoops loops) {
        return new ReplicationSurroundings(
                config.brokerId(),
                membership::brokerEpoch,
                ReplicationSettings.from(config.values()),
                membership.metadata(),
                membership.controller(),
                membership.lease(),
                config.interBrokerListener(),
                new NettyFetcherLoops(
                        loops,
                        config.interBroker().tls().map(TlsContexts::client),
                        config.brokerId()),
                membership::suspect,
                SchedulerThread::new,
                clock);
    }

    private NetworkServer listen(
            EventLoops loops,
            LogDirectories directories,
            LocalPartitions partitions,
            RequestAuthorizer authorizer,
            GroupCoordination coordination)
            throws IOException {
        RequestRouter router =
                new RequestRouter(
                        BrokerHandlers.all(
                                config,
                                membership,
                                partitions,
                                authorizer,
                                coordination,
                                loops,
                                diskReads,
                                directories,
                                traffic),
                        config.brokerId(),
                        membership.metadata());
        return NetworkServer.bindForBrokers(
                config,
                loops,
                new NetworkServer.Services(
                        router,
                        membership.internalRequests(),
                        new Authenticators(membership.metadata(), clock),
                        new TrafficObserver(traffic),
                        clock));
    }

    private GroupCoordination groups(LocalPartitions partitions, RequestAuthorizer authorizer) {
        PropertyValues values = config.values();
        GroupSettings settings =
                new GroupSettings(
                        config.brokerId(),
                        values.explicit(),
                        values.integer("offsets.topic.num.partitions"),
                        values.isSet(OFFSETS_REPLICAS)
                                ? OptionalInt.of(values.integer(OFFSETS_REPLICAS))
                                : OptionalInt.empty(),
                        values.integer("message.max.bytes"));
        return new GroupCoordination(
                settings,
                partitions,
                membership.metadata(),
                membership.controller(),
                (context, topic) ->
                        authorizer.isAllowed(
                                context, AclOperation.DESCRIBE, ResourceType.TOPIC, topic));
    }

    private LogDirectoriesOptions logOptions() {
        PropertyValues values = config.values();
        return new LogDirectoriesOptions(
                config.logDirectories(),
                config.brokerId(),
                membership.clusterId(),
                values.integer("num.recovery.threads.per.data.dir"),
                values.longInteger("log.retention.check.interval.ms"),
                Math.min(1_000, values.longInteger("log.flush.scheduler.interval.ms")),
                values.longInteger("log.flush.offset.checkpoint.interval.ms"),
                new CleanerOptions(
                        values.bool("log.cleaner.enable"),
                        values.integer("log.cleaner.threads"),
                        values.longInteger("log.cleaner.dedupe.buffer.size"),
                        values.decimal("log.cleaner.io.buffer.load.factor"),
                        values.integer("log.cleaner.io.buffer.size"),
                        values.decimal("log.cleaner.io.max.bytes.per.second"),
                        values.longInteger("log.cleaner.backoff.ms")),
                values.longInteger("producer.id.expiration.ms"));
    }

    @Override
    public void onOffline(Path directory, Set<TopicPartition> offline) {
        LOG.error(
                "{} partitions in {} answer with a storage error until the broker starts anew on a"
                        + " mended disk",
                offline.size(),
                directory);
    }

    @Override
    public void onAllOffline() {
        LOG.error(
                "The broker stops: none of its log directories {} can be used",
                config.logDirectories());
        Thread.ofPlatform().name("stop-without-logs").start(this::close);
    }

    /** Where the management port listens. */
    Optional<InetSocketAddress> managementAddress() {
        return management.map(ManagementServer::address);
    }

    @Override
    public Health health() {
        return BrokerHealth.of(
                config.brokerId(),
                version,
                state,
                membership.metadata().current(),
                membership.isController(),
                uptimeMillis());
    }

    /** While the logs are being opened, how far that is. */
    @Override
    public CompletableFuture<String> metrics() {
        BrokerMetrics complete = metrics;
        if (complete != null) {
            return complete.text();
        }
        OpenMetrics target = new OpenMetrics();
        StorageMetrics.recovery(target, recovery);
        BrokerMetrics.process(target);
        return CompletableFuture.completedFuture(target.text());
    }

    @Override
    public Optional<CompletableFuture<String>> compatibleMetrics() {
        return Optional.ofNullable(metrics).map(BrokerMetrics::compatibleText);
    }

    @Override
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /**
     * A controlled stop, within a bounded time. First others lead what this broker led; then it
     * answers what it was asked and closes its connections; only then it leaves the cluster, and
     * nothing of the metadata touches the logs any more when they are closed. Harmless when called
     * again.
     */
    @Override
    public void close() {
        if (state == Health.State.STOPPING) {
            return;
        }
        state = Health.State.STOPPING;
        membership.stop(CONTROLLED_STOP_MILLIS);
        closeAll();
        ended.countDown();
    }

    /** Closes what was started, as a crash would leave it to the controller to notice. */
    private void closeAll() {
        while (!closings.isEmpty()) {
            try {
                closings.pop().close();
            } catch (IOException | RuntimeException e) {
                LOG.error("A part of the broker was not closed", e);
            }
        }
    }

    private long uptimeMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
    }
}
