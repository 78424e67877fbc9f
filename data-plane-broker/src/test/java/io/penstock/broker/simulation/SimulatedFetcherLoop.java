package io.penstock.broker.simulation;

import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.replication.FetcherLoop;
import io.penstock.broker.replication.LeaderConnection;
import io.penstock.broker.time.Scheduler;

import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Fetches from leaders over the simulated network. */
final class SimulatedFetcherLoop implements FetcherLoop {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    private final String clientId;
    private final Scheduler scheduler;
    private final SimulatedPeers peers;
    private final Function<String, SimulatedBroker> brokers;

    SimulatedFetcherLoop(
            String clientId,
            Scheduler scheduler,
            SimulatedPeers peers,
            Function<String, SimulatedBroker> brokers) {
        this.clientId = clientId;
        this.scheduler = scheduler;
        this.peers = peers;
        this.brokers = brokers;
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public LeaderConnection connect(Endpoint leader, LeaderConnection.EndedByPeer ended) {
        return new Connection(leader.host(), ended);
    }

    private final class Connection implements LeaderConnection {
        private final String leader;
        private final Set<Answer> open = new LinkedHashSet<>();
        private final CompletableFuture<SimulatedConnection> connected;
        private Optional<Throwable> broken = Optional.empty();

        private Connection(String leader, EndedByPeer ended) {
            this.leader = leader;
            this.connected = peers.connect(leader, CONNECT_LIMIT);
            connected.whenComplete(
                    (connection, failure) -> {
                        if (failure != null) {
                            scheduler.execute(() -> fail(failure));
                        } else {
                            connection.onEnded(
                                    () ->
                                            scheduler.execute(
                                                    () -> {
                                                        fail(SimulatedNetwork.broken());
                                                        ended.ended();
                                                    }));
                        }
                    });
        }

        @Override
        public void fetch(FetchRequestData request, Answer answer) {
            FetchRequestData sent = request.duplicate();
            open.add(answer);
            if (broken.isPresent()) {
                scheduler.execute(() -> fail(broken.get()));
                return;
            }
            connected
                    .thenCompose(
                            connection -> connection.callInOrder(() -> serve(connection, sent)))
                    .whenComplete(
                            (response, failure) ->
                                    scheduler.execute(() -> answer(answer, response, failure)));
        }

        /** On the process that the connection leads to. */
        private CompletableFuture<FetchResponseData> serve(
                SimulatedConnection connection, FetchRequestData request) {
            return brokers.apply(leader).replicaFetch(connection.id(), clientId, request);
        }

        private void answer(Answer answer, FetchResponseData response, Throwable failure) {
            if (failure != null) {
                fail(failure);
            } else if (open.remove(answer)) {
                answer.fetched(response);
            }
        }

        private void fail(Throwable cause) {
            broken = Optional.of(cause);
            List<Answer> unanswered = List.copyOf(open);
            open.clear();
            unanswered.forEach(answer -> answer.failed(cause));
        }

        @Override
        public void close() {
            connected.thenAccept(SimulatedConnection::close);
            scheduler.execute(() -> fail(new IOException("closed")));
        }
    }
}
