package io.penstock.broker.network;

import io.penstock.broker.config.NetworkSettings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts connections against max.connections, of the broker and of each listener, and
 * max.connections.per.ip. Any thread may call.
 */
final class ConnectionLimits {

    private final NetworkSettings settings;
    private final Map<InetAddress, Integer> perAddressLimits = new HashMap<>();
    private final Map<InetAddress, Integer> perAddress = new HashMap<>();
    private final Map<String, Integer> perListener = new HashMap<>();
    private int total;

    ConnectionLimits(NetworkSettings settings) {
        this.settings = settings;
        settings.maxConnectionsPerIpOverrides().forEach(this::limitHost);
    }

    private void limitHost(String host, int limit) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                perAddressLimits.put(address, limit);
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "max.connections.per.ip.overrides names " + host + ", which has no address", e);
        }
    }

    /** Whether one more connection is allowed; if so it is counted until it is released. */
    synchronized boolean tryAcquire(String listener, int listenerLimit, InetAddress address) {
        int ofAddress = perAddress.getOrDefault(address, 0);
        int ofListener = perListener.getOrDefault(listener, 0);
        int addressLimit = perAddressLimits.getOrDefault(address, settings.maxConnectionsPerIp());
        if (total >= settings.maxConnections()
                || ofListener >= listenerLimit
                || ofAddress >= addressLimit) {
            return false;
        }
        total++;
        perAddress.put(address, ofAddress + 1);
        perListener.put(listener, ofListener + 1);
        return true;
    }

    synchronized void release(String listener, InetAddress address) {
        total--;
        perAddress.computeIfPresent(address, (ignored, count) -> count == 1 ? null : count - 1);
        perListener.merge(listener, -1, Integer::sum);
    }
}
