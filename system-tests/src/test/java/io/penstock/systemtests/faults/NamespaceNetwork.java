package io.penstock.systemtests.faults;

import io.penstock.systemtests.Commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network namespace for each node, on a bridge of this machine. Cuts lose packets silently: no
 * side ever sees a reset. They need {@code ip} only, which is more often there than packet filters.
 */
final class NamespaceNetwork implements Network {
    /** No port of the bridge has it, so every namespace ignores what is sent to it. */
    private static final String NOBODY = "02:00:00:00:00:fe";

    /** Of 198.18.0.0/15, the addresses for benchmarks of networks (RFC 2544), each of 16. */
    private static final int SUBNETS = 1 << 13;

    private static final int BRIDGE_HOST = 14;
    private static final int CLAIMS = 28_302;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Claim subnet;
    private final String bridge;
    private final Map<String, String> addresses = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private boolean isClosed;

    private NamespaceNetwork(Claim subnet, List<String> nodes) {
        this.subnet = subnet;
        this.bridge = "pf%04x".formatted(subnet.number());
        for (var node : nodes) {
            numbers.put(node, numbers.size() + 1);
            addresses.put(node, host(numbers.get(node)));
        }
    }

    private String host(int number) {
        var host = (subnet.number() << 4) + number;
        return "198.%d.%d.%d".formatted(18 + (host >>> 16), (host >>> 8) & 255, host & 255);
    }

    /** What is missing on this machine, or nothing. */
    static Optional<String> obstacle() throws IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("Cutting links needs root (network namespaces)");
        }
        if (!Files.isExecutable(Path.of("/usr/sbin/ip"))
                && !Files.isExecutable(Path.of("/sbin/ip"))) {
            return Optional.of("Cutting links needs the program ip (package iproute2)");
        }
        var probe =
                "pf-probe-%d-%d"
                        .formatted(
                                ProcessHandle.current().pid(), Thread.currentThread().threadId());
        var made = run("netns", "add", probe);
        if (made.status() != 0) {
            return Optional.of("Network namespaces cannot be made here: " + made.error().strip());
        }
        run("netns", "del", probe);
        return Optional.empty();
    }

    static NamespaceNetwork of(Path folder, List<String> nodes) {
        var subnet = Claim.of(folder.toString(), CLAIMS, SUBNETS, number -> true);
        return new NamespaceNetwork(subnet, nodes);
    }

    @Override
    public synchronized void make() throws IOException, InterruptedException {
        if (isClosed) {
            throw new IllegalStateException("The network was taken away");
        }
        // Whoever had the subnet before was killed, if anything of it is left.
        takeAway();
        ip("link", "add", bridge, "type", "bridge");
        ip("addr", "add", host(BRIDGE_HOST) + "/28", "dev", bridge);
        ip("link", "set", bridge, "up");
        for (var node : numbers.keySet()) {
            var space = space(node);
            ip("netns", "add", space);
            ip("link", "add", port(node), "type", "veth", "peer", "name", "eth0", "netns", space);
            ip("link", "set", port(node), "master", bridge, "up");
            ip("-n", space, "addr", "add", address(node) + "/28", "dev", "eth0");
            ip("-n", space, "link", "set", "eth0", "up");
            ip("-n", space, "link", "set", "lo", "up");
        }
    }

    /** What the one sends does not reach the other any more; the way back stays. */
    void cutOneWay(String from, String to) throws IOException, InterruptedException {
        ip(
                "-n",
                space(from),
                "neigh",
                "replace",
                address(to),
                "lladdr",
                NOBODY,
                "dev",
                "eth0",
                "nud",
                "permanent");
    }

    void cut(String one, String other) throws IOException, InterruptedException {
        cutOneWay(one, other);
        cutOneWay(other, one);
    }

    /** Nothing reaches the node any more, clients included, nor leaves it. */
    void isolate(String node) throws IOException, InterruptedException {
        ip("link", "set", port(node), "nomaster");
    }

    /** Mends every link of the node. */
    void heal(String node) throws IOException, InterruptedException {
        ip("link", "set", port(node), "master", bridge);
        for (var other : numbers.keySet()) {
            if (!other.equals(node)) {
                forget(node, other);
                forget(other, node);
            }
        }
    }

    /** The next packet asks for the neighbour's real address. */
    private void forget(String node, String other) throws IOException, InterruptedException {
        run("-n", space(node), "neigh", "del", address(other), "dev", "eth0");
    }

    @Override
    public String address(String node) {
        return addresses.get(node);
    }

    @Override
    public List<String> runAs(String node) {
        return List.of("ip", "netns", "exec", space(node));
    }

    @Override
    public synchronized void close() throws IOException, InterruptedException {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            takeAway();
        } finally {
            subnet.close();
        }
    }

    private void takeAway() throws IOException, InterruptedException {
        for (var number = 1; number < BRIDGE_HOST; number++) {
            if (Files.exists(Path.of("/run/netns", space(number)))) {
                run("link", "del", port(number));
                run("netns", "del", space(number));
            }
        }
        run("link", "del", bridge);
    }

    private String space(String node) {
        return space(numbers.get(node));
    }

    private String space(int number) {
        return bridge + "-" + number;
    }

    /** Interfaces' names have at most 15 characters. */
    private String port(String node) {
        return port(numbers.get(node));
    }

    private String port(int number) {
        return bridge + "p" + number;
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        run(arguments).orFail();
    }

    private static Commands.Output run(String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        return Commands.run(LIMIT, Path.of("/"), Map.of(), "", command);
    }
}
