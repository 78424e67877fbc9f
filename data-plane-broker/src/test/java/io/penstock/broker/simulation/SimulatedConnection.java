package io.penstock.broker.simulation;

import io.penstock.broker.simulation.SimulatedNetwork.Route;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** One TCP connection between two processes. */
final class SimulatedConnection {

    private final SimulatedNetwork network;
    private final Side client;
    private final Side server;
    private final Set<CompletableFuture<?>> asked = new LinkedHashSet<>();
    private final Set<CompletableFuture<?>> answering = new LinkedHashSet<>();
    private final List<Runnable> endListeners = new ArrayList<>();
    private final String id;
    private CompletableFuture<Void> lastServed = CompletableFuture.completedFuture(null);
    private Runnable onEndAtServer = () -> {};

    /** One end, and what travels from it to the other. */
    private static final class Side {
        private final SimulatedProcess process;
        private final Route out;
        private final String label;
        private final ArrayDeque<Runnable> onTheWay = new ArrayDeque<>();
        private long lastArrivalNanos;
        private boolean moving;
        private boolean ended;

        private Side(SimulatedProcess process, Route out) {
            this.process = process;
            this.out = out;
            this.label = "message " + out.from() + ">" + out.to();
        }
    }

    SimulatedConnection(
            SimulatedNetwork network,
            String id,
            SimulatedProcess client,
            SimulatedProcess server,
            Route there) {
        this.network = network;
        this.id = id;
        this.client = new Side(client, there);
        this.server = new Side(server, there.back());
    }

    String id() {
        return id;
    }

    /** Told on the server when the client ended the connection. */
    void onEndAtServer(Runnable listener) {
        onEndAtServer = listener;
    }

    /** Whether the client still takes it for open. */
    boolean isOpen() {
        return !client.ended;
    }

    /** Told on the client when the server's side ended the connection, not when the client did. */
    void onEnded(Runnable listener) {
        endListeners.add(listener);
    }

    /**
     * Has the server do something and answer. Fails when the connection breaks; else the answer
     * comes when it comes.
     */
    <T> CompletableFuture<T> call(Supplier<CompletionStage<T>> service) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (client.ended) {
            answer.completeExceptionally(SimulatedNetwork.broken());
            return answer;
        }
        asked.add(answer);
        send(client, () -> server.process.perform(() -> serve(service, answer)));
        return answer;
    }

    /** As {@link #call}, but answers leave in the order of the requests, as Kafka's do. */
    <T> CompletableFuture<T> callInOrder(Supplier<CompletionStage<T>> service) {
        return call(
                () -> {
                    CompletableFuture<Void> earlier = lastServed;
                    CompletableFuture<T> served = service.get().toCompletableFuture();
                    CompletableFuture<T> ordered = earlier.thenCompose(turn -> served);
                    lastServed = ordered.handle((done, failure) -> null);
                    ordered.whenComplete(
                            (done, failure) -> {
                                if (ordered.isCancelled()) {
                                    served.cancel(false);
                                }
                            });
                    return ordered;
                });
    }

    private <T> void serve(Supplier<CompletionStage<T>> service, CompletableFuture<T> answer) {
        if (server.ended) {
            return;
        }
        CompletableFuture<T> served = service.get().toCompletableFuture();
        answering.add(served);
        served.whenComplete(
                (result, failure) -> {
                    answering.remove(served);
                    if (server.ended || server.process.isDead()) {
                        return;
                    }
                    send(
                            server,
                            () ->
                                    client.process.perform(
                                            () -> {
                                                asked.remove(answer);
                                                if (failure == null) {
                                                    answer.complete(result);
                                                } else {
                                                    answer.completeExceptionally(failure);
                                                }
                                            }));
                });
    }

    private void send(Side from, Runnable arrival) {
        from.onTheWay.add(arrival);
        move(from);
    }

    /** Sets the first thing on the way in motion, if nothing moves and the route is open. */
    private void move(Side from) {
        if (from.moving || from.onTheWay.isEmpty() || !network.isOpen(from.out)) {
            return;
        }
        from.moving = true;
        SimulatedTime time = network.time();
        from.lastArrivalNanos =
                Math.max(from.lastArrivalNanos + 1, time.nanos() + network.delay().toNanos());
        time.atNanos(from.lastArrivalNanos, from.label, () -> arrive(from));
    }

    private void arrive(Side from) {
        from.moving = false;
        if (!network.isOpen(from.out)) {
            return;
        }
        Side to = other(from);
        Runnable arrival = from.onTheWay.remove();
        if (to.process.isDead()) {
            from.onTheWay.clear();
            endedBy(to.process);
            return;
        }
        arrival.run();
        move(from);
    }

    void pump() {
        move(client);
        move(server);
    }

    /** The process ended: after what it sent before, the other side hears of the end. */
    void endedBy(SimulatedProcess process) {
        for (Side side : List.of(client, server)) {
            if (side.process == process && !side.ended) {
                side.ended = true;
                Side to = other(side);
                send(side, () -> to.process.perform(() -> heardOfTheEnd(to)));
            }
        }
    }

    /** Something in between ended it in the name of its server. */
    void endedAtServer(SimulatedProcess process) {
        if (server.process == process && !server.ended) {
            endedBy(process);
            process.perform(onEndAtServer);
        }
    }

    /** The client has no more use for it. */
    void close() {
        if (!client.ended) {
            client.ended = true;
            failAsked();
            send(client, () -> server.process.perform(() -> heardOfTheEnd(server)));
        }
    }

    private void heardOfTheEnd(Side side) {
        boolean news = !side.ended;
        side.ended = true;
        if (side == server) {
            List.copyOf(answering).forEach(served -> served.cancel(false));
            answering.clear();
            if (news) {
                onEndAtServer.run();
            }
            return;
        }
        failAsked();
        if (news) {
            List.copyOf(endListeners).forEach(Runnable::run);
        }
    }

    private void failAsked() {
        List<CompletableFuture<?>> unanswered = List.copyOf(asked);
        asked.clear();
        unanswered.forEach(answer -> answer.completeExceptionally(SimulatedNetwork.broken()));
    }

    /** Nothing will come of it any more. */
    boolean isForgotten() {
        boolean clientDone = client.ended || client.process.isDead();
        boolean serverDone = server.ended || server.process.isDead();
        return clientDone && serverDone;
    }

    private Side other(Side side) {
        return side == client ? server : client;
    }
}
