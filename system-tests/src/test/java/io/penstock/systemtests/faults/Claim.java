package io.penstock.systemtests.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;
import java.util.zip.CRC32;

/**
 * A number that nobody else on this machine has, neither another scenario nor another checkout, for
 * as long as this process holds it. The kernel sees to that: the number is held by a listening
 * socket, so that it is free again however the process ends.
 */
final class Claim implements AutoCloseable {
    private static final int ADDRESSES = 1 << 16;

    private final int number;
    private final ServerSocket held;

    private Claim(int number, ServerSocket held) {
        this.number = number;
        this.held = held;
    }

    /**
     * The number that the name's hash points to, or the next that is free.
     *
     * @param port at whose addresses numbers of this kind are held
     * @param count of numbers there are, at most 65,536
     * @param isUsable whether nothing that was left behind stands in the way of a number
     */
    static Claim of(String name, int port, int count, IntPredicate isUsable) {
        var checksum = new CRC32();
        checksum.update(name.getBytes(StandardCharsets.UTF_8));
        for (var i = 0; i < count; i++) {
            var number = (int) ((checksum.getValue() + i) % count);
            var claim = tryToHold(number, port);
            if (claim == null) {
                continue;
            }
            if (isUsable.test(number)) {
                return claim;
            }
            claim.close();
        }
        throw new IllegalStateException("All of " + count + " numbers are taken on this machine");
    }

    private static Claim tryToHold(int number, int port) {
        ServerSocket socket = null;
        try {
            socket = new ServerSocket();
            socket.bind(new InetSocketAddress(address(number), port), 1);
            return new Claim(number, socket);
        } catch (IOException taken) {
            closeQuietly(socket);
            return null;
        }
    }

    /** Of a loopback range that neither scenarios' nodes nor installations have. */
    private static InetAddress address(int number) throws IOException {
        if (number >= ADDRESSES) {
            throw new IllegalArgumentException("There are no more than " + ADDRESSES + " numbers");
        }
        return InetAddress.getByAddress(new byte[] {127, 15, (byte) (number >>> 8), (byte) number});
    }

    int number() {
        return number;
    }

    @Override
    public void close() {
        closeQuietly(held);
    }

    private static void closeQuietly(ServerSocket socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // Nothing was sent through it.
            }
        }
    }
}
