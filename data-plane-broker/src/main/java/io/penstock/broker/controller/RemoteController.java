package io.penstock.broker.controller;

import io.penstock.broker.metadata.StreamPosition;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** The controller on another broker. */
final class RemoteController implements ControllerGateway {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteController.class);

    /** Time that an answer may take beyond what the other side was told to wait. */
    private static final long GRACE_MILLIS = 10_000;

    private static final long SUSPECT_TIMEOUT_MILLIS = 5_000;

    private final PeerLink client;
    private final int brokerId;
    private final LongSupplier brokerEpoch;

    /**
     * @param brokerId of the broker that asks
     * @param brokerEpoch of its present registration
     */
    RemoteController(PeerLink client, int brokerId, LongSupplier brokerEpoch) {
        this.client = client;
        this.brokerId = brokerId;
        this.brokerEpoch = brokerEpoch;
    }

    @Override
    public CompletableFuture<DeltaLog.Fetched> fetch(StreamPosition from, long maxWaitMillis) {
        var request =
                new InternalMessages.FetchRequest(
                        brokerId, brokerEpoch.getAsLong(), from, Math.toIntExact(maxWaitMillis));
        return client.request(
                        InternalMessages.FETCH_METADATA,
                        InternalMessages.encode(request),
                        maxWaitMillis + GRACE_MILLIS)
                .thenApply(body -> decode(body, InternalMessages::decodeFetched));
    }

    @Override
    public CompletableFuture<Submitted> submit(ControllerEvent event, long timeoutMillis) {
        CompletableFuture<ByteBuffer> answer =
                switch (event) {
                    case ControllerEvent.Administration e ->
                            client.request(
                                    InternalMessages.SUBMIT,
                                    InternalMessages.encode(e),
                                    timeoutMillis);
                    case ControllerEvent.BrokerStopping e ->
                            client.request(
                                    InternalMessages.STOPPING,
                                    InternalMessages.encode(e),
                                    timeoutMillis);
                    case ControllerEvent.BrokersRegistered e -> throw foreign(e);
                    case ControllerEvent.BrokerFenced e -> throw foreign(e);
                    case ControllerEvent.PreferredElectionDue e -> throw foreign(e);
                };
        return answer.thenApply(
                body -> decode(body, b -> InternalMessages.decodeSubmitted(b, event)));
    }

    @Override
    public void suspect(int suspect, long suspectEpoch) {
        client.request(
                        InternalMessages.SUSPECT,
                        InternalMessages.encode(
                                new InternalMessages.Suspicion(suspect, suspectEpoch)),
                        SUSPECT_TIMEOUT_MILLIS)
                .exceptionally(
                        failure -> {
                            LOG.debug("a suspicion did not reach the controller", failure);
                            return null;
                        });
    }

    private static IllegalArgumentException foreign(ControllerEvent event) {
        return new IllegalArgumentException("only the controller itself sees " + event);
    }

    @FunctionalInterface
    private interface Decoder<T> {
        T decode(ByteBuffer body) throws IOException;
    }

    private static <T> T decode(ByteBuffer body, Decoder<T> decoder) {
        try {
            return decoder.decode(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
