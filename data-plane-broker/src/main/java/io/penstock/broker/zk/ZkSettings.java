package io.penstock.broker.zk;

import java.time.Duration;
import java.util.Map;

/**
 * How to reach ZooKeeper.
 *
 * @param connect {@code host:port,host:port[/chroot]}
 * @param sessionTimeout asked for; the server may negotiate another one
 * @param connectTimeout longest wait for the first connection
 * @param clientProperties properties of the ZooKeeper client (its {@code zookeeper.ssl.*} names),
 *     for mutual TLS
 */
public record ZkSettings(
        String connect,
        Duration sessionTimeout,
        Duration connectTimeout,
        Map<String, String> clientProperties) {

    public ZkSettings {
        clientProperties = Map.copyOf(clientProperties);
    }

    /** The properties may name files with passwords: never print them. */
    @Override
    public String toString() {
        return "ZkSettings[connect=" + connect + ", sessionTimeout=" + sessionTimeout + "]";
    }
}
