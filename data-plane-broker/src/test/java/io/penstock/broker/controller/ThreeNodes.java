package io.penstock.broker.controller;

import io.penstock.broker.zk.TestZooKeeper;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Three members of a cluster, and an unchanged admin client that asks one of them. */
final class ThreeNodes implements AutoCloseable {

    private static final long LIMIT_SECONDS = 30;

    private final Path directory;
    private final TestZooKeeper zooKeeper;
    private final List<TestNode> nodes = new ArrayList<>();
    private final Admin admin;

    private ThreeNodes(Path directory) throws Exception {
        this.directory = directory;
        zooKeeper = TestZooKeeper.start(directory.resolve("zookeeper"));
        for (int id = 0; id < 3; id++) {
            nodes.add(TestNode.start(id, zooKeeper.settings(), directory));
        }
        admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + nodes.get(1).port()));
    }

    static ThreeNodes start(Path directory) throws Exception {
        return new ThreeNodes(directory);
    }

    List<TestNode> all() {
        return List.copyOf(nodes);
    }

    TestNode node(int id) {
        return nodes.get(id);
    }

    /** A stopped node's next life, at the same address. */
    void startAgain(int id) throws Exception {
        int port = nodes.get(id).port();
        nodes.set(id, TestNode.start(id, zooKeeper.settings(), directory, port));
    }

    Admin admin() {
        return admin;
    }

    static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        admin.close();
        nodes.forEach(TestNode::close);
        zooKeeper.close();
    }
}
