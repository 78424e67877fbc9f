package io.penstock.systemtests.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Loopback addresses of a range of their own, below those of installations (127.64.0.0 and up), in
 * which nobody listens yet.
 */
final class LoopbackNetwork implements Network {
    private static final int FIRST = 16;
    private static final int RANGES = 48 * 256;
    private static final int CLAIMS = 28_301;

    private final Claim claim;
    private final Map<String, String> addresses;

    private LoopbackNetwork(Claim claim, Map<String, String> addresses) {
        this.claim = claim;
        this.addresses = addresses;
    }

    static LoopbackNetwork of(Path folder, List<String> nodes) {
        var claim =
                Claim.of(
                        folder.toString(),
                        CLAIMS,
                        RANGES,
                        number ->
                                addresses(number, nodes).values().stream()
                                        .allMatch(LoopbackNetwork::isFree));
        return new LoopbackNetwork(claim, addresses(claim.number(), nodes));
    }

    private static Map<String, String> addresses(int range, List<String> nodes) {
        var addresses = new HashMap<String, String>();
        for (var node : nodes) {
            addresses.put(
                    node,
                    "127.%d.%d.%d"
                            .formatted(FIRST + range / 256, range % 256, addresses.size() + 10));
        }
        return Map.copyOf(addresses);
    }

    private static boolean isFree(String address) {
        for (var port : NodeFiles.PORTS) {
            try (var socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getByName(address), port), 1);
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String address(String node) {
        return addresses.get(node);
    }

    @Override
    public List<String> runAs(String node) {
        return List.of();
    }

    @Override
    public void make() {
        // Loopback addresses need no making.
    }

    @Override
    public void close() {
        claim.close();
    }
}
