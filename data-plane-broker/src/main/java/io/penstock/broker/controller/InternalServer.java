package io.penstock.broker.controller;

import io.penstock.broker.controller.InternalMessages.Relayed;
import io.penstock.broker.controller.InternalMessages.Suspicion;
import io.penstock.broker.network.InternalRequests;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The controller as other brokers reach it. Only brokers are answered. Every broker keeps one
 * connection for its metadata; when that is ended from the other side, the controller is told.
 */
final class InternalServer implements InternalRequests {

    private static final long SUBMIT_TIMEOUT_MILLIS = 60_000;
    private static final int MAX_WAIT_MILLIS = 30_000;

    /** The longest that anybody waits for what another broker passed on. */
    private static final long RELAY_TIMEOUT_MILLIS = 60_000;

    private final Supplier<Optional<ActiveController>> controller;
    private final Onward onward;
    private final Predicate<KafkaPrincipal> peer;
    private final Uuid incarnation;

    /** Whose metadata goes over which connection. */
    private final Map<String, Suspicion> followers = new ConcurrentHashMap<>();

    /** The way to the controller when it runs on another broker. */
    @FunctionalInterface
    interface Onward {
        CompletableFuture<ByteBuffer> passOn(Relayed request, long timeoutMillis);
    }

    InternalServer(
            Supplier<Optional<ActiveController>> controller,
            Onward onward,
            Predicate<KafkaPrincipal> peer,
            Uuid incarnation) {
        this.controller = controller;
        this.onward = onward;
        this.peer = peer;
        this.incarnation = incarnation;
    }

    @Override
    public CompletionStage<ByteBuffer> handle(
            Caller caller, short apiKey, short version, ByteBuffer body) {
        if (!peer.test(caller.principal())) {
            return CompletableFuture.failedFuture(
                    new IOException(caller.principal() + " is no broker of this cluster"));
        }
        if (version != InternalMessages.VERSION) {
            return CompletableFuture.failedFuture(
                    new IOException("unknown version " + version + " of request " + apiKey));
        }
        try {
            return answer(caller, apiKey, body);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<ByteBuffer> answer(Caller caller, short apiKey, ByteBuffer body)
            throws IOException {
        return switch (apiKey) {
            case InternalMessages.FETCH_METADATA -> {
                var request = InternalMessages.decodeFetch(body);
                followers.put(
                        caller.connectionId(),
                        new Suspicion(request.brokerId(), request.brokerEpoch()));
                yield answer(apiKey, body);
            }
            case InternalMessages.RELAY -> relay(InternalMessages.decodeRelayed(body));
            case InternalMessages.SUSPECT -> {
                suspect(InternalMessages.decodeSuspicion(body));
                yield CompletableFuture.completedFuture(InternalMessages.done());
            }
            default -> answer(apiKey, body);
        };
    }

    /** What was relayed says nothing about the connection that it came on. */
    private CompletionStage<ByteBuffer> relay(Relayed request) throws IOException {
        if (controller.get().isPresent()) {
            return answer(request.apiKey(), request.body());
        }
        return withFailure(
                request.forwarded()
                        ? CompletableFuture.failedFuture(new NotController())
                        : onward.passOn(request, RELAY_TIMEOUT_MILLIS));
    }

    private CompletionStage<ByteBuffer> answer(short apiKey, ByteBuffer body) throws IOException {
        return switch (apiKey) {
            case InternalMessages.FETCH_METADATA -> {
                var request = InternalMessages.decodeFetch(body);
                int wait = Math.clamp(request.maxWaitMillis(), 0, MAX_WAIT_MILLIS);
                yield withFailure(
                        ask(c -> c.fetch(request.brokerId(), request.from(), wait))
                                .thenApply(InternalMessages::encode));
            }
            case InternalMessages.SUBMIT -> {
                var event = InternalMessages.decodeAdministration(body);
                yield withFailure(
                        ask(c -> c.submit(event, SUBMIT_TIMEOUT_MILLIS))
                                .thenApply(s -> InternalMessages.encode(s, event.version())));
            }
            case InternalMessages.STOPPING -> {
                var event = InternalMessages.decodeStopping(body);
                yield withFailure(
                        ask(c -> c.submit(event, SUBMIT_TIMEOUT_MILLIS))
                                .thenApply(
                                        s -> InternalMessages.encode(s, InternalMessages.VERSION)));
            }
            case InternalMessages.PROBE ->
                    CompletableFuture.completedFuture(InternalMessages.encode(incarnation));
            default -> throw new IOException("unknown internal request " + apiKey);
        };
    }

    @Override
    public void connectionEnded(String connectionId, boolean byPeer) {
        Suspicion follower = followers.remove(connectionId);
        if (follower != null && byPeer) {
            suspect(follower);
        }
    }

    private void suspect(Suspicion suspicion) {
        controller.get().ifPresent(c -> c.suspect(suspicion.brokerId(), suspicion.brokerEpoch()));
    }

    @FunctionalInterface
    private interface Question<T> {
        CompletableFuture<T> of(ActiveController controller);
    }

    private <T> CompletableFuture<T> ask(Question<T> question) {
        Optional<ActiveController> active = controller.get();
        return active.isPresent()
                ? question.of(active.get())
                : CompletableFuture.failedFuture(new NotController());
    }

    private static CompletionStage<ByteBuffer> withFailure(CompletableFuture<ByteBuffer> answer) {
        return answer.exceptionally(
                failure ->
                        InternalMessages.failure(
                                failure instanceof CompletionException
                                        ? failure.getCause()
                                        : failure));
    }
}
