package io.penstock.broker.simulation;

import io.penstock.broker.zk.ZooKeeperClient;

class MemoryZooKeeperTest extends ZooKeeperClientContract {

    private final MemoryZooKeeper zooKeeper = new MemoryZooKeeper(() -> 1_800_000_000_000L);

    @Override
    ZooKeeperClient connect() {
        return new MemoryZooKeeperClient(zooKeeper, 6_000, MemoryZooKeeperClient.Link.PERFECT);
    }

    @Override
    void settle(ZooKeeperClient client) {
        ((MemoryZooKeeperClient) client).renew();
        ((MemoryZooKeeperClient) client).deliver();
    }

    @Override
    void expire(ZooKeeperClient client) {
        zooKeeper.close(((MemoryZooKeeperClient) client).session());
    }
}
