package io.penstock.broker.controller;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.time.Scheduler;

import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Finds out whether a suspected broker's process is gone. It is when its address refuses
 * connections, or when another incarnation answers there. Silence is no proof: a broker that is
 * slow or cut off is left to the expiry of its session.
 */
final class FailureDetector {

    private static final Logger LOG = LoggerFactory.getLogger(FailureDetector.class);
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Duration FIRST_RETRY = Duration.ofMillis(10);

    /** A process that is being torn down may still accept connections for a moment. */
    private static final int MAX_ATTEMPTS = 8;

    private record Suspect(int brokerId, long brokerEpoch) {}

    private final Peers peers;
    private final Scheduler scheduler;
    private final String listener;
    private final Supplier<Optional<ClusterImage>> image;
    private final Function<ControllerEvent.BrokerFenced, CompletableFuture<?>> fence;

    /** Under investigation; only tasks of the scheduler touch it. */
    private final Set<Suspect> open = new HashSet<>();

    /**
     * @param listener name of the inter-broker listener
     * @param image empty while there is none
     * @param fence carries out the verdict
     */
    FailureDetector(
            Peers peers,
            Scheduler scheduler,
            String listener,
            Supplier<Optional<ClusterImage>> image,
            Function<ControllerEvent.BrokerFenced, CompletableFuture<?>> fence) {
        this.peers = peers;
        this.scheduler = scheduler;
        this.listener = listener;
        this.image = image;
        this.fence = fence;
    }

    /** Returns at once. A broker that is not registered with this epoch any more is no suspect. */
    void suspect(int brokerId, long brokerEpoch) {
        scheduler.execute(
                () -> {
                    Suspect suspect = new Suspect(brokerId, brokerEpoch);
                    registration(suspect)
                            .filter(found -> found.endpoint(listener).isPresent())
                            .filter(found -> open.add(suspect))
                            .ifPresent(
                                    found ->
                                            connect(
                                                    suspect,
                                                    found.endpoint(listener).get(),
                                                    found.incarnation(),
                                                    1));
                });
    }

    private Optional<BrokerRegistration> registration(Suspect suspect) {
        return image.get()
                .map(current -> current.brokers().get(suspect.brokerId()))
                .filter(found -> found.epoch() == suspect.brokerEpoch() && !found.fenced());
    }

    private void connect(Suspect suspect, Endpoint endpoint, Uuid incarnation, int attempt) {
        peers.probe(endpoint, LIMIT)
                .thenAcceptAsync(
                        seen -> {
                            switch (seen) {
                                case REFUSED -> dead(suspect, "its address refuses connections");
                                case SILENT -> undecided(suspect, "its address is silent");
                                case CONNECTED -> ask(suspect, endpoint, incarnation, attempt);
                            }
                        },
                        scheduler);
    }

    private void ask(Suspect suspect, Endpoint endpoint, Uuid incarnation, int attempt) {
        PeerLink link = peers.open(endpoint);
        scheduler
                .limit(
                        link.request(
                                InternalMessages.PROBE,
                                InternalMessages.emptyRequest(),
                                LIMIT.toMillis()),
                        LIMIT)
                .thenApply(InternalMessages::decodeIncarnation)
                .whenCompleteAsync(
                        (answering, failure) -> {
                            link.close();
                            if (failure == null) {
                                judge(suspect, incarnation, answering);
                            } else if (isBroken(failure) && attempt < MAX_ATTEMPTS) {
                                scheduler.schedule(
                                        FIRST_RETRY.multipliedBy(1L << (attempt - 1)),
                                        () -> connect(suspect, endpoint, incarnation, attempt + 1));
                            } else {
                                undecided(suspect, failure.toString());
                            }
                        },
                        scheduler);
    }

    private static boolean isBroken(Throwable failure) {
        return failure instanceof IOException
                || (failure instanceof CompletionException
                        && failure.getCause() instanceof IOException);
    }

    private void judge(Suspect suspect, Uuid known, Uuid answering) {
        if (known.equals(answering)) {
            undecided(suspect, "it answers");
        } else {
            dead(suspect, "another process answers at its address");
        }
    }

    private void undecided(Suspect suspect, String why) {
        open.remove(suspect);
        LOG.info(
                "broker {} of epoch {} is not fenced: {}",
                suspect.brokerId(),
                suspect.brokerEpoch(),
                why);
    }

    /** The investigation stays open until the fence is committed: there is nothing new to find. */
    private void dead(Suspect suspect, String why) {
        LOG.warn(
                "broker {} of epoch {} is dead: {}",
                suspect.brokerId(),
                suspect.brokerEpoch(),
                why);
        fence.apply(new ControllerEvent.BrokerFenced(suspect.brokerId(), suspect.brokerEpoch()))
                .whenCompleteAsync(
                        (done, failure) -> {
                            open.remove(suspect);
                            if (failure != null) {
                                LOG.warn(
                                        "broker {} is not fenced: {}",
                                        suspect.brokerId(),
                                        failure.toString());
                            }
                        },
                        scheduler);
    }
}
