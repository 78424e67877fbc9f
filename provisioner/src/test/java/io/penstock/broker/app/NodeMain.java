package io.penstock.broker.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;

/**
 * Stands in for a node where only its process matters: it notes each start on its volume, and runs
 * until SIGTERM.
 */
public final class NodeMain {
    private NodeMain() {}

    /** The arguments are those of a real node: its folder. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Files.writeString(
                Path.of(arguments[0]).resolve("data").resolve("starts"),
                ProcessHandle.current().pid() + "\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        new CountDownLatch(1).await();
    }
}
