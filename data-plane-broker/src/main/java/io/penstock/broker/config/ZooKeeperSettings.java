package io.penstock.broker.config;

import java.util.Optional;

/**
 * How ZooKeeper is reached.
 *
 * @param connect {@code host:port,…/chroot}
 * @param tls present exactly when {@code zookeeper.ssl.client.enable} is true
 */
public record ZooKeeperSettings(
        String connect,
        int sessionTimeoutMillis,
        int connectionTimeoutMillis,
        Optional<TlsSettings> tls,
        boolean verifyHostName) {}
