package io.penstock.broker.controller;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.StreamPosition;
import io.penstock.broker.zk.ZooKeeperClient;

/** What a simulation must know of this package's insides. */
public final class ControllerOnlooker {

    /** Of the brokers' requests to each other. */
    public static final short INTERNAL_VERSION = InternalMessages.VERSION;

    private ControllerOnlooker() {}

    /** What a controller that were elected now would find. */
    public static ClusterImage committed(ZooKeeperClient zooKeeper) {
        return ClusterLoader.load(zooKeeper, -1, new StreamPosition(0, 1)).image();
    }
}
