package io.penstock.broker.config;

import java.util.Map;

/**
 * What all listeners share.
 *
 * @param eventLoops never more than the machine has processors to spare
 * @param maxRequestBytes largest request frame
 * @param maxConnections of the whole broker
 * @param maxConnectionsPerIpOverrides by host name or address
 * @param maxIdleMillis after which a silent connection is closed; not positive for never
 * @param authenticationMillis within which a connection must have authenticated
 * @param sendBufferBytes of a socket; -1 leaves it to the operating system
 * @param receiveBufferBytes of a socket; -1 leaves it to the operating system
 */
public record NetworkSettings(
        int eventLoops,
        int maxRequestBytes,
        int maxConnections,
        int maxConnectionsPerIp,
        Map<String, Integer> maxConnectionsPerIpOverrides,
        long maxIdleMillis,
        long authenticationMillis,
        int sendBufferBytes,
        int receiveBufferBytes,
        int backlog) {}
