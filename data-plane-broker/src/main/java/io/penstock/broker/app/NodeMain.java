package io.penstock.broker.app;

import io.penstock.broker.config.BrokerConfig;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs one node of a managed cluster in the foreground: {@code NodeMain FOLDER}. A node without an
 * identity enrols first; then it is the broker or the ZooKeeper server that its folder describes.
 */
public final class NodeMain {

    private NodeMain() {}

    public static void main(String[] arguments) {
        Foreground.run(
                () -> {
                    Path folder = Arguments.onlyFile("node", arguments).toAbsolutePath();
                    if (!Files.isDirectory(folder)) {
                        throw new StartException("there is no folder " + folder);
                    }
                    return start(new NodeFolder(folder));
                });
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
}
