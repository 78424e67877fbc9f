package io.penstock.launcher.host;

import io.penstock.launcher.process.ProcessTable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The TCP sockets of this machine on which somebody listens. */
public final class ListeningSockets {
    /** The state LISTEN in {@code /proc/net/tcp}. */
    private static final String LISTEN = "0A";

    /** How an IPv4 address of a dual-stack socket begins. */
    private static final String MAPPED = "0000000000000000FFFF0000";

    private ListeningSockets() {}

    record Listener(String address, int port, String inode) {}

    public static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Pid and command line of the process that listens on the port, as far as this user may see it.
     */
    public static Optional<String> holder(int port) {
        for (var listener : listeners()) {
            if (listener.port() == port) {
                var owner = owner(listener.inode());
                if (owner.isPresent()) {
                    return owner;
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a process that can be seen listens on the port, and it is not this one. */
    static boolean isHeldByAnother(long pid, int port) {
        return listeners().stream()
                .filter(listener -> listener.port() == port)
                .anyMatch(
                        listener ->
                                !hasOpen(pid, listener.inode())
                                        && owner(listener.inode()).isPresent());
    }

    /** Second octets of the loopback addresses 127.x.… on which somebody listens. */
    public static Set<Integer> busyLoopbackRanges() {
        var octets = new HashSet<Integer>();
        for (var listener : listeners()) {
            var address = listener.address();
            var ipv4 = address.length() == 8 || address.startsWith(MAPPED);
            if (ipv4 && address.endsWith("7F")) {
                // The last four bytes are the IPv4 address, backwards.
                var octet = address.length() - 4;
                octets.add(Integer.parseInt(address.substring(octet, octet + 2), 16));
            }
        }
        return octets;
    }

    private static List<Listener> listeners() {
        var listeners = new ArrayList<Listener>();
        for (var table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try {
                Files.readAllLines(Path.of(table)).stream()
                        .skip(1)
                        .map(ListeningSockets::parse)
                        .flatMap(Optional::stream)
                        .forEach(listeners::add);
            } catch (IOException e) {
                // No IPv6 on this machine, or no /proc: then there is nothing to tell.
            }
        }
        return listeners;
    }

    static Optional<Listener> parse(String line) {
        var fields = line.strip().split("\\s+", -1);
        if (fields.length < 10 || !fields[3].equals(LISTEN)) {
            return Optional.empty();
        }
        var local = fields[1].split(":", 2);
        return Optional.of(new Listener(local[0], Integer.parseInt(local[1], 16), fields[9]));
    }

    private static Optional<String> owner(String inode) {
        return ProcessTable.matching(line -> true).stream()
                .filter(pid -> hasOpen(pid, inode))
                .findFirst()
                .flatMap(
                        pid ->
                                ProcessTable.commandLine(pid)
                                        .map(line -> "process " + pid + ": " + shortened(line)));
    }

    private static boolean hasOpen(long pid, String inode) {
        var wanted = "socket:[" + inode + "]";
        try (var descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return descriptors.anyMatch(descriptor -> pointsAt(descriptor, wanted));
        } catch (IOException e) {
            // Another user's process: who it is cannot be seen.
            return false;
        }
    }

    private static boolean pointsAt(Path link, String wanted) {
        try {
            return Files.readSymbolicLink(link).toString().equals(wanted);
        } catch (IOException e) {
            return false;
        }
    }

    private static String shortened(String line) {
        return line.length() <= 200
                ? line
                : line.substring(0, 120) + " … " + line.substring(line.length() - 80);
    }
}
