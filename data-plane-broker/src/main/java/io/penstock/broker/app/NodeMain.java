package io.penstock.broker.app;

import io.penstock.broker.config.BrokerConfig;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Runs one node of a managed cluster in the foreground: {@code NodeMain FOLDER}. A node without an
 * identity enrols first; then it is the broker or the ZooKeeper server that its folder describes.
 * Several folders make several nodes in one process, which is how the nodes' AOT cache is trained.
 */
public final class NodeMain {

    private NodeMain() {}

    public static void main(String[] arguments) {
        Foreground.run(() -> arguments.length > 1 ? startAll(arguments) : start(arguments));
    }

    private static Foreground.Server start(String... arguments) throws Exception {
        Path folder = Arguments.onlyFile("node", arguments).toAbsolutePath();
        if (!Files.isDirectory(folder)) {
            throw new StartException("there is no folder " + folder);
        }
        return start(new NodeFolder(folder));
    }

    private static Foreground.Server start(NodeFolder folder) throws Exception {
        NodeDescription node = NodeDescription.read(folder.description());
        if (!folder.isEnrolled()) {
            new NodeEnrolment(folder, node).run();
        }
        String version = node.imageVersion() == null ? Version.ofThisBuild() : node.imageVersion();
        return switch (node.role()) {
            case BROKER -> Broker.start(BrokerConfig.from(folder.readProperties()), version);
            case ZOOKEEPER ->
                    ZooKeeperNode.start(ZooKeeperSettings.from(folder.readProperties()), version);
        };
    }

    private static Foreground.Server startAll(String... folders) throws Exception {
        Group group = new Group();
        try {
            for (String folder : folders) {
                group.nodes.push(start(folder));
            }
            return group;
        } catch (Exception e) {
            group.close();
            throw e;
        }
    }

    /** Ends with the last one that was started; stops in the opposite order. */
    private static final class Group implements Foreground.Server {
        private final Deque<Foreground.Server> nodes = new ArrayDeque<>();

        @Override
        public void awaitEnd() throws InterruptedException {
            nodes.peek().awaitEnd();
        }

        @Override
        public void close() {
            nodes.forEach(Foreground.Server::close);
        }
    }
}
