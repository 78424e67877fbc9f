package io.penstock.broker.controller;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.metadata.ImageCache;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.network.InternalRequests;
import io.penstock.broker.time.Clock;
import io.penstock.broker.time.Scheduler;
import io.penstock.broker.time.SchedulerThread;
import io.penstock.broker.zk.ZkSession;

import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;

/**
 * This broker's place in its cluster: its session with ZooKeeper, its registration, its part in the
 * election of the controller, and the metadata stream that it follows.
 *
 * <p>Order of a start: {@link #connect}, before any listener is open; then {@link #clusterId} may
 * be checked against the data directories; the listeners are opened with {@link #internalRequests};
 * {@link #join} registers; {@link #whenUpToDate} completes when this broker's own registration
 * shows in its image.
 */
public final class ClusterMembership {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterMembership.class);

    private static final long LEFT_OVER_LIMIT_MILLIS = 30_000;

    private final MembershipSettings settings;
    private final Surroundings surroundings;
    private final String clusterId;
    private final Scheduler requests;
    private final ImageCache cache;
    private final MetadataFollower follower;
    private final BrokerRegistrar registrar;
    private final ControllerElection election;
    private final ForwardingChannel channel;
    private final InternalServer server;
    private volatile Optional<DetourLink> wayToController = Optional.empty();

    private ClusterMembership(
            MembershipSettings settings, Surroundings surroundings, String clusterId) {
        this.settings = settings;
        this.surroundings = surroundings;
        this.clusterId = clusterId;
        Scheduler.Factory schedulers = surroundings.schedulers();
        this.requests = schedulers.create("controller-requests");
        this.cache = new ImageCache(schedulers.create("metadata"));
        this.follower =
                new MetadataFollower(
                        cache,
                        schedulers.create("metadata-follower"),
                        surroundings.clock(),
                        this::suspectController);
        this.registrar = new BrokerRegistrar(surroundings, settings, clusterId);
        ControllerCore core =
                new ControllerCore(
                        settings.brokerProperties(),
                        surroundings.random().get(),
                        surroundings.topicIds());
        this.election = new ControllerElection(surroundings, settings, core, new Turn());
        this.channel =
                new ForwardingChannel(
                        follower,
                        cache,
                        new ProducerIdBlocks(surroundings.zooKeeper(), settings.brokerId()),
                        requests,
                        surroundings.clock());
        this.server =
                new InternalServer(
                        () -> election.active().filter(active -> !active.hasEnded()),
                        this::passOn,
                        settings.peer(),
                        settings.incarnation());
    }

    /** Turns the follower to whom the election names. */
    private final class Turn implements ControllerElection.Listener {
        @Override
        public void onElected(ActiveController controller) {
            wayToController = Optional.empty();
            follower.turnTo(Optional.of(controller), controller.epoch());
        }

        @Override
        public void onOther(int epoch, int brokerId, Endpoint endpoint) {
            LOG.info("broker {} follows controller {}", settings.brokerId(), brokerId);
            DetourLink way =
                    new DetourLink(
                            surroundings.peers(),
                            endpoint,
                            () -> endpointsOfOthersThan(brokerId),
                            requests);
            way.start();
            wayToController = Optional.of(way);
            follower.turnTo(
                    Optional.of(
                            new RemoteController(way, settings.brokerId(), registrar::brokerEpoch)),
                    epoch);
        }

        @Override
        public void onNone() {
            wayToController = Optional.empty();
            follower.turnTo(Optional.empty(), -1);
        }
    }

    private List<Endpoint> endpointsOfOthersThan(int controller) {
        return cache.current().brokers().values().stream()
                .filter(broker -> broker.id() != controller && broker.id() != settings.brokerId())
                .filter(broker -> !broker.fenced())
                .sorted(Comparator.comparingInt(BrokerRegistration::id))
                .flatMap(broker -> broker.endpoint(settings.interBrokerListener()).stream())
                .toList();
    }

    private CompletableFuture<ByteBuffer> passOn(
            InternalMessages.Relayed request, long timeoutMillis) {
        return wayToController
                .map(way -> way.passOn(request, timeoutMillis))
                .orElseGet(() -> CompletableFuture.failedFuture(new NotController()));
    }

    /**
     * Connects to ZooKeeper, and makes there what the first broker of a cluster makes.
     *
     * @throws io.penstock.broker.zk.ZkException when ZooKeeper does not answer in time
     * @throws IllegalStateException when another process of this broker lives
     */
    public static ClusterMembership connect(MembershipSettings settings) {
        ZkSession session = ZkSession.connect(settings.zooKeeper());
        Peers peers = new NettyPeers(settings.interBrokerTls(), "broker-" + settings.brokerId());
        try {
            Duration limit = settings.zooKeeper().connectTimeout();
            String clusterId = StartPatience.insist(limit, () -> ClusterIdentity.ensure(session));
            ClusterMembership membership =
                    new ClusterMembership(
                            settings,
                            new Surroundings(
                                    session,
                                    peers,
                                    new KeptSessionFile(settings.stateDirectory()),
                                    SchedulerThread::new,
                                    Clock.SYSTEM,
                                    () -> RandomGenerator.of("L64X128MixRandom"),
                                    Uuid::randomUuid),
                            clusterId);
            StartPatience.insist(
                    limit,
                    () ->
                            FencedWriter.await(
                                    membership.endLeftOverSession(), LEFT_OVER_LIMIT_MILLIS));
            return membership;
        } catch (RuntimeException e) {
            peers.close();
            session.close();
            throw e;
        }
    }

    /**
     * As {@link #connect} in surroundings of the caller's choice, without ending what an earlier
     * process left behind. The surroundings' session and network are closed with the membership.
     */
    public static ClusterMembership in(Surroundings surroundings, MembershipSettings settings) {
        return new ClusterMembership(
                settings, surroundings, ClusterIdentity.ensure(surroundings.zooKeeper()));
    }

    /**
     * Ends the ZooKeeper session of a process of this broker that was killed. Fails with {@link
     * IllegalStateException} when that process lives.
     */
    public CompletableFuture<Void> endLeftOverSession() {
        return registrar.endLeftOverSession();
    }

    /**
     * Registers this broker, takes part in elections, and follows the metadata. Completes when it
     * is registered; fails with {@link IllegalStateException} when another process is registered as
     * this broker.
     *
     * @param record of the runs of this broker's processes
     */
    public CompletableFuture<Void> join(RunRecord record) {
        return registrar
                .start(record)
                .thenRun(
                        () -> {
                            election.start();
                            follower.start();
                            cache.subscribe((previous, next) -> lookAtItself(next));
                        });
    }

    /** Held while no other can have been elected in this broker's place. */
    public Lease lease() {
        return registrar.lease();
    }

    public String clusterId() {
        return clusterId;
    }

    public MetadataCache metadata() {
        return cache;
    }

    public ControllerChannel controller() {
        return channel;
    }

    /** What the server hands requests of other brokers to. */
    public InternalRequests internalRequests() {
        return server;
    }

    private void suspectController(int epoch) {
        election.suspect(epoch);
    }

    /**
     * A connection to this broker was closed or reset by the other side: has the controller find
     * out whether the process is gone. Not to be told of timeouts.
     */
    public void suspect(int brokerId, long brokerEpoch) {
        follower.gateway().ifPresent(controller -> controller.suspect(brokerId, brokerEpoch));
    }

    /** The epoch of the present registration, or -1 before the first. */
    public long brokerEpoch() {
        return registrar.brokerEpoch();
    }

    /** Whether this broker is the active controller. */
    public boolean isController() {
        return election.active().filter(c -> !c.hasEnded()).isPresent();
    }

    /** Completes when this broker's image shows its present registration. */
    public CompletableFuture<Void> whenUpToDate(long timeoutMillis) {
        CompletableFuture<Void> seen = new CompletableFuture<>();
        cache.subscribe(
                (previous, next) -> {
                    if (!seen.isDone() && shows(next)) {
                        seen.complete(null);
                    }
                });
        return requests.limit(seen, Duration.ofMillis(timeoutMillis));
    }

    /** Who finds itself fenced, or gone, in the metadata, asks ZooKeeper whether it is so. */
    private void lookAtItself(ClusterImage image) {
        var own = image.brokers().get(settings.brokerId());
        if (own == null || own.fenced()) {
            registrar.lookForFence();
        }
        if (own != null && own.incarnation().equals(settings.incarnation())) {
            registrar.shown(own.epoch());
        }
    }

    private boolean shows(ClusterImage image) {
        var own = image.brokers().get(settings.brokerId());
        return own != null && own.epoch() == registrar.brokerEpoch();
    }

    /**
     * Tells the controller that this broker stops, so that it leads nothing any more, and is no
     * controller itself from then on. This broker's image shows it when this returns; it is still
     * registered until {@link #leave}. Never waits longer than the timeout; harmless when called
     * twice.
     */
    public void stop(long timeoutMillis) {
        long start = surroundings.clock().monotonicMillis();
        try {
            channel.submit(
                            new ControllerEvent.BrokerStopping(
                                    settings.brokerId(), registrar.brokerEpoch()),
                            timeoutMillis)
                    .join();
            LOG.info(
                    "broker {} leads nothing any more after {} ms",
                    settings.brokerId(),
                    surroundings.clock().monotonicMillis() - start);
        } catch (CompletionException e) {
            LOG.warn(
                    "broker {} leaves without the controller's consent: {}",
                    settings.brokerId(),
                    String.valueOf(e.getCause()));
        }
        election.close();
    }

    /** Leaves at once; also right after {@link #connect}. Harmless when called twice. */
    public void leave() {
        election.close();
        follower.close();
        registrar.close();
        surroundings.zooKeeper().close();
        cache.close();
        surroundings.peers().close();
        requests.close();
    }
}
