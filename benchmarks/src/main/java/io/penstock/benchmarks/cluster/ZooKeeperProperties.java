package io.penstock.benchmarks.cluster;

import java.nio.file.Path;
import java.time.Duration;

/** A ZooKeeper server of its own for one cluster. */
final class ZooKeeperProperties {

    static final int PORT = 2181;

    /** The distributed default; a session lasts two ticks at least. */
    static final Duration DEFAULT_TICK = Duration.ofSeconds(2);

    /** As nodes of ours have it. */
    static final Duration SHORT_TICK = Duration.ofMillis(500);

    private ZooKeeperProperties() {}

    static String text(Path data, String address, Duration tick) {
        return """
        dataDir=%s
        clientPort=%d
        clientPortAddress=%s
        maxClientCnxns=0
        admin.enableServer=false
        tickTime=%d
        """
                .formatted(data, PORT, address, tick.toMillis());
    }
}
