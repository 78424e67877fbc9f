package io.penstock.broker.simulation;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The network between processes, as TCP gives it: within a connection and a direction nothing is
 * lost or reordered, but everything may be late; between connections there is no order. A route
 * that is cut delays what is on it until it is mended, and nobody is told. The end of a process
 * ends its connections and the other sides hear of it; the end of a machine is silent until it is
 * back and knows nothing of its old connections.
 */
final class SimulatedNetwork {

    private static final int LEAST_DELAY_NANOS = 50_000;
    private static final int USUAL_DELAY_NANOS = 400_000;
    private static final int LONG_DELAY_NANOS = 60_000_000;
    private static final double LONG_DELAY_SHARE = 0.005;

    private final SimulatedTime time;
    private final SplittableRandom random;
    private final Map<String, Host> hosts = new TreeMap<>();
    private final Set<Route> cut = new HashSet<>();
    private final Set<String> rejecting = new HashSet<>();
    private final List<SimulatedConnection> connections = new ArrayList<>();
    private long opened;

    /** One direction between two hosts. */
    record Route(String from, String to) {
        Route back() {
            return new Route(to, from);
        }
    }

    /** A machine and the process that listens there, if any. */
    private static final class Host {
        private boolean up = true;
        private Optional<SimulatedProcess> process = Optional.empty();
    }

    SimulatedNetwork(SimulatedTime time, SplittableRandom random) {
        this.time = time;
        this.random = random;
    }

    void listen(String host, SimulatedProcess process) {
        Host found = host(host);
        found.up = true;
        found.process = Optional.of(process);
        pump();
    }

    /** The process on the host has ended, or is about to: nobody listens there any more. */
    void processEnded(String host, SimulatedProcess process) {
        Host found = host(host);
        if (found.process.filter(p -> p == process).isPresent()) {
            found.process = Optional.empty();
        }
        List.copyOf(connections).forEach(connection -> connection.endedBy(process));
        connections.removeIf(SimulatedConnection::isForgotten);
    }

    /** The machine is off: its connections freeze, and it answers nobody. */
    void machineDown(String host) {
        host(host).up = false;
        host(host).process = Optional.empty();
    }

    /** The machine is on again, and refuses what belongs to its former life. */
    void machineUp(String host) {
        host(host).up = true;
        pump();
    }

    void cut(Route route) {
        cut.add(route);
    }

    void mend(Route route) {
        cut.remove(route);
        pump();
    }

    /**
     * Something in front of the host resets its connections and refuses new ones, as if its process
     * were gone.
     */
    void reject(String host) {
        rejecting.add(host);
        host(host)
                .process
                .ifPresent(
                        process ->
                                List.copyOf(connections)
                                        .forEach(connection -> connection.endedAtServer(process)));
    }

    void admit(String host) {
        rejecting.remove(host);
    }

    void mendAll() {
        rejecting.clear();
        cut.clear();
        pump();
    }

    boolean isOpen(Route route) {
        return !cut.contains(route) && host(route.to()).up && host(route.from()).up;
    }

    /**
     * Connects as TCP does: fails with {@link ConnectException} when the host refuses, and never
     * completes when it is silent.
     */
    CompletableFuture<SimulatedConnection> connect(
            SimulatedProcess client, String clientHost, String serverHost) {
        CompletableFuture<SimulatedConnection> opened = new CompletableFuture<>();
        Route there = new Route(clientHost, serverHost);
        travel(
                there,
                () -> {
                    Optional<SimulatedProcess> server =
                            host(serverHost).process.filter(p -> !rejecting.contains(serverHost));
                    travel(
                            there.back(),
                            () ->
                                    client.perform(
                                            () -> {
                                                if (server.isEmpty()) {
                                                    opened.completeExceptionally(
                                                            new ConnectException("refused"));
                                                    return;
                                                }
                                                opened.complete(
                                                        connection(client, server.get(), there));
                                            }));
                });
        return opened;
    }

    private SimulatedConnection connection(
            SimulatedProcess client, SimulatedProcess server, Route there) {
        SimulatedConnection connection =
                new SimulatedConnection(
                        this,
                        there.from() + ">" + there.to() + "#" + opened++,
                        client,
                        server,
                        there);
        connections.add(connection);
        if (server.isDead()) {
            connection.endedBy(server);
        }
        return connection;
    }

    /** A packet that nobody sends again: it arrives if the route is open on the way. */
    private void travel(Route route, Runnable arrival) {
        if (isOpen(route)) {
            time.after(
                    delay(),
                    "packet " + route.from() + ">" + route.to(),
                    () -> {
                        if (isOpen(route)) {
                            arrival.run();
                        }
                    });
        }
    }

    Duration delay() {
        boolean isLong = random.nextDouble() < LONG_DELAY_SHARE;
        return Duration.ofNanos(
                LEAST_DELAY_NANOS + random.nextInt(isLong ? LONG_DELAY_NANOS : USUAL_DELAY_NANOS));
    }

    SimulatedTime time() {
        return time;
    }

    private void pump() {
        connections.removeIf(SimulatedConnection::isForgotten);
        List.copyOf(connections).forEach(SimulatedConnection::pump);
    }

    private Host host(String name) {
        return hosts.computeIfAbsent(name, n -> new Host());
    }

    /** What a caller sees of a connection that broke: it may or may not have been heard. */
    static IOException broken() {
        return new IOException("the connection was closed by the peer");
    }
}
