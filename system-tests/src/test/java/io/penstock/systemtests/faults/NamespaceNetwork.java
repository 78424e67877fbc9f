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
import java.util.zip.CRC32;

/**
 * A network namespace for each node, on a bridge of this machine. Cuts lose packets silently: no
 * side ever sees a reset. They need {@code ip} only, which is more often there than packet filters.
 */
final class NamespaceNetwork implements Network {
    /** No port of the bridge has it, so every namespace ignores what is sent to it. */
    private static final String NOBODY = "02:00:00:00:00:fe";

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final String bridge;
    private final Map<String, String> addresses = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    private NamespaceNetwork(String bridge) {
        this.bridge = bridge;
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
        var probe = "pf-probe-" + ProcessHandle.current().pid();
        var made = run("netns", "add", probe);
        if (made.status() != 0) {
            return Optional.of("Network namespaces cannot be made here: " + made.error().strip());
        }
        run("netns", "del", probe);
        return Optional.empty();
    }

    static NamespaceNetwork of(Path folder, List<String> nodes)
            throws IOException, InterruptedException {
        var checksum = new CRC32();
        checksum.update(folder.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        // Of the addresses for benchmarks of networks (RFC 2544): nothing real has them.
        var prefix = "198.18." + checksum.getValue() % 256 + ".";
        var network = new NamespaceNetwork("pf%08x".formatted(checksum.getValue()));
        for (var node : nodes) {
            network.numbers.put(node, network.numbers.size() + 1);
            network.addresses.put(node, prefix + network.numbers.get(node));
        }
        network.close();
        try {
            network.make(prefix + "254/24");
        } catch (IOException | InterruptedException | AssertionError e) {
            network.close();
            throw e;
        }
        return network;
    }

    private void make(String own) throws IOException, InterruptedException {
        ip("link", "add", bridge, "type", "bridge");
        ip("addr", "add", own, "dev", bridge);
        ip("link", "set", bridge, "up");
        for (var node : numbers.keySet()) {
            var space = space(node);
            ip("netns", "add", space);
            ip("link", "add", port(node), "type", "veth", "peer", "name", "eth0", "netns", space);
            ip("link", "set", port(node), "master", bridge, "up");
            ip("-n", space, "addr", "add", address(node) + "/24", "dev", "eth0");
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

    /** Also what a run left behind that was killed. */
    @Override
    public void close() throws IOException, InterruptedException {
        for (var node : numbers.keySet()) {
            run("link", "del", port(node));
            run("netns", "del", space(node));
        }
        run("link", "del", bridge);
    }

    private String space(String node) {
        return bridge + "-" + numbers.get(node);
    }

    /** Interfaces' names have at most 15 characters. */
    private String port(String node) {
        return bridge + "p" + numbers.get(node);
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
