package io.penstock.broker.controller;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.metadata.ImageCache;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.network.InternalRequests;
import io.penstock.broker.time.Clock;
import io.penstock.broker.zk.ZkSession;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
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

    private final MembershipSettings settings;
    private final ZkSession session;
    private final String clusterId;
    private final ImageCache cache = new ImageCache();
    private final MetadataFollower follower = new MetadataFollower(cache);
    private final BrokerRegistrar registrar;
    private final ControllerElection election;
    private final ForwardingChannel channel;
    private final InternalServer server;
    private final EventLoopGroup eventLoops =
            new MultiThreadIoEventLoopGroup(
                    1,
                    Thread.ofPlatform().daemon().name("controller-client").factory(),
                    NioIoHandler.newFactory());

    private ClusterMembership(MembershipSettings settings, ZkSession session, String clusterId) {
        this.settings = settings;
        this.session = session;
        this.clusterId = clusterId;
        this.registrar = new BrokerRegistrar(session, settings, clusterId);
        ControllerCore core =
                new ControllerCore(
                        settings.brokerProperties(), RandomGenerator.of("L64X128MixRandom"));
        this.election = new ControllerElection(session, settings, core, new Turn());
        this.channel =
                new ForwardingChannel(
                        follower, cache, new ProducerIdBlocks(session, settings.brokerId()));
        this.server = new InternalServer(election::active, settings.peer());
    }

    /** Turns the follower to whom the election names. */
    private final class Turn implements ControllerElection.Listener {
        @Override
        public void onElected(ActiveController controller) {
            follower.turnTo(Optional.of(controller), controller.epoch());
        }

        @Override
        public void onOther(int epoch, int brokerId, Endpoint endpoint) {
            LOG.info("broker {} follows controller {}", settings.brokerId(), brokerId);
            InternalClient client =
                    new InternalClient(
                            eventLoops,
                            endpoint,
                            settings.interBrokerTls(),
                            "broker-" + settings.brokerId());
            follower.turnTo(Optional.of(new RemoteController(client)), epoch);
        }

        @Override
        public void onNone() {
            follower.turnTo(Optional.empty(), -1);
        }
    }

    /**
     * Connects to ZooKeeper, and makes there what the first broker of a cluster makes.
     *
     * @throws io.penstock.broker.zk.ZkException when ZooKeeper does not answer in time
     * @throws IllegalStateException when another process of this broker lives
     */
    public static ClusterMembership connect(MembershipSettings settings) throws IOException {
        ZkSession session = ZkSession.connect(settings.zooKeeper());
        try {
            var membership =
                    new ClusterMembership(settings, session, ClusterIdentity.ensure(session));
            membership.registrar.endLeftOverSession();
            return membership;
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /**
     * Registers this broker, takes part in elections, and follows the metadata.
     *
     * @throws IllegalStateException when another process is registered as this broker
     */
    public void join() throws IOException {
        registrar.start();
        election.start();
        follower.start();
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
        return seen.orTimeout(timeoutMillis, TimeUnit.MILLISECONDS);
    }

    private boolean shows(ClusterImage image) {
        var own = image.brokers().get(settings.brokerId());
        return own != null && own.epoch() == registrar.brokerEpoch();
    }

    /**
     * Tells the controller that this broker stops, so that it leads nothing any more, then leaves.
     * Never waits longer than the timeout for the controller; harmless when called twice.
     */
    public void stop(long timeoutMillis) {
        long start = Clock.SYSTEM.monotonicMillis();
        try {
            channel.submit(
                            new ControllerEvent.BrokerStopping(
                                    settings.brokerId(), registrar.brokerEpoch()),
                            timeoutMillis)
                    .join();
        } catch (CompletionException e) {
            LOG.warn(
                    "broker {} leaves without the controller's consent: {}",
                    settings.brokerId(),
                    String.valueOf(e.getCause()));
        }
        leave();
        LOG.info(
                "broker {} has left its cluster after {} ms",
                settings.brokerId(),
                Clock.SYSTEM.monotonicMillis() - start);
    }

    /** Leaves at once; also right after {@link #connect}. */
    public void leave() {
        election.close();
        follower.close();
        registrar.close();
        session.close();
        cache.close();
        eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
