package io.penstock.broker.zk;

import org.apache.zookeeper.data.Stat;

/** What a znode held when it was read. */
public record Znode(byte[] data, Stat stat) {

    public int version() {
        return stat.getVersion();
    }
}
