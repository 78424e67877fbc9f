package io.penstock.broker.simulation;

import io.penstock.broker.zk.TestZooKeeper;
import io.penstock.broker.zk.ZkSession;
import io.penstock.broker.zk.ZooKeeperClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class RealZooKeeperTest extends ZooKeeperClientContract {

    @TempDir Path directory;
    private final List<ZooKeeperClient> clients = new ArrayList<>();
    private TestZooKeeper zooKeeper;

    @BeforeEach
    void start() throws Exception {
        zooKeeper = TestZooKeeper.start(directory);
    }

    @AfterEach
    void stop() {
        clients.forEach(ZooKeeperClient::close);
        zooKeeper.close();
    }

    @Override
    ZooKeeperClient connect() {
        ZooKeeperClient client = ZkSession.connect(zooKeeper.settings());
        clients.add(client);
        return client;
    }

    /** Its own threads see to it. */
    @Override
    void settle(ZooKeeperClient client) {}

    @Override
    void expire(ZooKeeperClient client) {
        zooKeeper.expire(client.sessionId());
    }
}
