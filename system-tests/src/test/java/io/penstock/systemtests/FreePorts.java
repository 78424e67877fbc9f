package io.penstock.systemtests;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of 127.0.0.1 on which nothing listens, all different. None is of the range from which the
 * kernel takes the local ports of connections: another program's connection could hold it by the
 * time it is bound, or again after a restart.
 */
final class FreePorts {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 60_000;
    private static final Path LOCAL_PORTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    private FreePorts() {}

    static List<String> take(int count) throws IOException {
        var end = end();
        var ports = new LinkedHashSet<Integer>();
        while (ports.size() < count) {
            var port = ThreadLocalRandom.current().nextInt(LOWEST, end);
            if (isFree(port)) {
                ports.add(port);
            }
        }
        return ports.stream().map(String::valueOf).toList();
    }

    /** Where the kernel's range begins; a range that leaves no room before it is not avoided. */
    private static int end() throws IOException {
        try (var range = new Scanner(LOCAL_PORTS)) {
            var start = range.nextInt();
            return start - LOWEST > 1000 ? start : HIGHEST;
        }
    }

    private static boolean isFree(int port) throws IOException {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException taken) {
            return false;
        }
    }
}
