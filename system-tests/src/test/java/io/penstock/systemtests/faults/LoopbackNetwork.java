package io.penstock.systemtests.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Loopback addresses of a range of their own, below those of installations (127.64.0.0 and up): the
 * one that the folder's hash names, or the next on which nobody listens.
 */
final class LoopbackNetwork implements Network {
    private static final int FIRST = 16;
    private static final int COUNT = 48;

    private final Map<String, String> addresses;

    private LoopbackNetwork(Map<String, String> addresses) {
        this.addresses = addresses;
    }

    static LoopbackNetwork of(Path folder, List<String> nodes) {
        var checksum = new CRC32();
        checksum.update(folder.toString().getBytes(StandardCharsets.UTF_8));
        var third = (int) (checksum.getValue() >>> 16) % 256;
        for (var i = 0; i < COUNT; i++) {
            var second = FIRST + (int) ((checksum.getValue() + i) % COUNT);
            var addresses = new HashMap<String, String>();
            for (var node : nodes) {
                addresses.put(node, "127.%d.%d.%d".formatted(second, third, addresses.size() + 10));
            }
            if (addresses.values().stream().allMatch(LoopbackNetwork::isFree)) {
                return new LoopbackNetwork(Map.copyOf(addresses));
            }
        }
        throw new IllegalStateException("Somebody listens in each range of loopback addresses");
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
    public void close() {
        // Loopback addresses need no making.
    }
}
