package io.penstock.broker.controller;

import io.penstock.broker.metadata.StreamPosition;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** The controller on another broker. */
final class RemoteController implements ControllerGateway {

    /** Time that an answer may take beyond what the other side was told to wait. */
    private static final long GRACE_MILLIS = 10_000;

    private final PeerLink client;

    RemoteController(PeerLink client) {
        this.client = client;
    }

    @Override
    public CompletableFuture<DeltaLog.Fetched> fetch(StreamPosition from, long maxWaitMillis) {
        var request = new InternalMessages.FetchRequest(from, Math.toIntExact(maxWaitMillis));
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
