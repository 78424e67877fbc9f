package io.penstock.broker.app;

import java.nio.file.Path;

/**
 * Runs one ZooKeeper server in the foreground: {@code ZooKeeperMain FILE}, with zoo.cfg's
 * properties.
 */
public final class ZooKeeperMain {

    private ZooKeeperMain() {}

    public static void main(String[] arguments) {
        Foreground.run(
                () -> {
                    Path file = Arguments.onlyFile("zookeeper", arguments);
                    return ZooKeeperNode.start(ZooKeeperSettings.load(file), Version.ofThisBuild());
                });
    }
}
