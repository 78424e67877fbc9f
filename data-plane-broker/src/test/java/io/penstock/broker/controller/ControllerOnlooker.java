package io.penstock.broker.controller;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.StreamPosition;
import io.penstock.broker.zk.ZooKeeperClient;

import java.util.concurrent.CompletableFuture;

/** What a simulation must know of this package's insides. */
public final class ControllerOnlooker {

    /** Of the brokers' requests to each other. */
    public static final short INTERNAL_VERSION = InternalMessages.VERSION;

    private static final long STOP_LIMIT_MILLIS = 3_000;

    private ControllerOnlooker() {}

    /** The first half of a controlled stop; the membership's own way waits in place. */
    public static CompletableFuture<?> stopping(ClusterMembership membership, int brokerId) {
        return ((ForwardingChannel) membership.controller())
                .submit(
                        new ControllerEvent.BrokerStopping(brokerId, membership.brokerEpoch()),
                        STOP_LIMIT_MILLIS);
    }

    /** What a controller that were elected now would find. */
    public static ClusterImage committed(ZooKeeperClient zooKeeper) {
        return ClusterLoader.load(zooKeeper, -1, new StreamPosition(0, 1)).image();
    }
}
