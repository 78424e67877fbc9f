package io.penstock.broker.simulation;

import io.penstock.broker.controller.ControllerOnlooker;
import io.penstock.broker.controller.PeerLink;
import io.penstock.broker.controller.Peers;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.network.InternalRequests;
import io.penstock.broker.network.InternalRequests.Caller;
import io.penstock.broker.time.Scheduler;

import org.apache.kafka.common.security.auth.KafkaPrincipal;

import java.net.ConnectException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** The other brokers as one process reaches them over the simulated network. */
final class SimulatedPeers implements Peers {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    private final SimulatedNetwork network;
    private final SimulatedProcess process;
    private final String host;
    private final Scheduler timers;
    private final Function<String, SimulatedBroker> brokers;

    SimulatedPeers(
            SimulatedNetwork network,
            SimulatedProcess process,
            String host,
            Function<String, SimulatedBroker> brokers) {
        this.network = network;
        this.process = process;
        this.host = host;
        this.timers = process.scheduler("connections");
        this.brokers = brokers;
    }

    /** A link opens its connection when it is needed, and another one when that broke. */
    private final class Link implements PeerLink {
        private final String peer;
        private Optional<SimulatedConnection> connection = Optional.empty();
        private boolean closed;

        private Link(String peer) {
            this.peer = peer;
        }

        @Override
        public CompletableFuture<ByteBuffer> request(
                short apiKey, ByteBuffer body, long timeoutMillis) {
            byte[] sent = new byte[body.remaining()];
            body.duplicate().get(sent);
            CompletableFuture<ByteBuffer> answer =
                    connected()
                            .thenCompose(
                                    open ->
                                            open.call(
                                                    () ->
                                                            serve(
                                                                    open,
                                                                    apiKey,
                                                                    ByteBuffer.wrap(sent))));
            return timers.limit(answer, Duration.ofMillis(timeoutMillis));
        }

        /** On the process that the connection leads to. */
        private CompletableFuture<ByteBuffer> serve(
                SimulatedConnection from, short apiKey, ByteBuffer body) {
            InternalRequests server = brokers.apply(peer).internalRequests();
            from.onEndAtServer(() -> server.connectionEnded(from.id(), true));
            Caller caller =
                    new Caller(
                            from.id(),
                            KafkaPrincipal.ANONYMOUS,
                            InetAddress.getLoopbackAddress(),
                            host);
            return server.handle(caller, apiKey, ControllerOnlooker.INTERNAL_VERSION, body)
                    .toCompletableFuture();
        }

        private CompletableFuture<SimulatedConnection> connected() {
            if (closed) {
                return CompletableFuture.failedFuture(new Unreachable("closed", null));
            }
            if (connection.isPresent() && connection.get().isOpen()) {
                return CompletableFuture.completedFuture(connection.get());
            }
            return connect(peer, CONNECT_LIMIT)
                    .thenApply(
                            opened -> {
                                connection = Optional.of(opened);
                                if (closed) {
                                    opened.close();
                                }
                                return opened;
                            })
                    .exceptionallyCompose(
                            failure ->
                                    CompletableFuture.failedFuture(
                                            new Unreachable("cannot connect", failure)));
        }

        @Override
        public void close() {
            closed = true;
            connection.ifPresent(SimulatedConnection::close);
        }
    }

    CompletableFuture<SimulatedConnection> connect(String peer, Duration limit) {
        return timers.limit(network.connect(process, host, peer), limit);
    }

    @Override
    public PeerLink open(Endpoint endpoint) {
        return new Link(endpoint.host());
    }

    @Override
    public CompletableFuture<Reachability> probe(Endpoint endpoint, Duration limit) {
        return connect(endpoint.host(), limit)
                .handle(
                        (opened, failure) -> {
                            if (failure == null) {
                                opened.close();
                                return Reachability.CONNECTED;
                            }
                            Throwable cause =
                                    failure instanceof CompletionException
                                            ? failure.getCause()
                                            : failure;
                            return cause instanceof ConnectException
                                    ? Reachability.REFUSED
                                    : Reachability.SILENT;
                        });
    }

    @Override
    public void close() {}
}
