package io.penstock.broker.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Scanner;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of 127.0.0.1 on which nothing listens, all different, and none of those that the kernel
 * gives to connections: a client that comes back to a port of that range where nobody listens may
 * even connect to itself.
 */
final class FreePorts {

    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 60_000;
    private static final Path LOCAL_PORTS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    private FreePorts() {}

    static int[] take(int count) {
        try {
            int end = end();
            Set<Integer> ports = new LinkedHashSet<>();
            while (ports.size() < count) {
                int port = ThreadLocalRandom.current().nextInt(LOWEST, end);
                if (isFree(port)) {
                    ports.add(port);
                }
            }
            return ports.stream().mapToInt(Integer::intValue).toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the kernel's range begins; a range that leaves no room before it is not avoided. */
    private static int end() throws IOException {
        try (Scanner range = new Scanner(LOCAL_PORTS)) {
            int start = range.nextInt();
            return start - LOWEST > 1000 ? start : HIGHEST;
        }
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.isBound();
        } catch (BindException taken) {
            return false;
        }
    }
}
