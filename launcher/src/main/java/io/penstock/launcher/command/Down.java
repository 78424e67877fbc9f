package io.penstock.launcher.command;

import io.penstock.launcher.installation.Installation;
import io.penstock.launcher.installation.InstallationLock;
import io.penstock.launcher.installation.StateFolder;
import io.penstock.launcher.nodes.LocalNodes;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;

/** Stops all that {@code up} and the control plane started, and keeps the data. */
public final class Down {
    /** A Terraform run gets SIGINT when the control plane ends, and SIGKILL 90 s later. */
    private static final Duration TERRAFORM = Duration.ofSeconds(100);

    private final Installation installation;
    private final PrintStream output;

    public Down(Installation installation, PrintStream output) {
        this.installation = installation;
        this.output = output;
    }

    public void run() throws IOException, InterruptedException {
        if (!Files.isDirectory(installation.home())) {
            output.println("Nothing runs: there is no state folder " + installation.home() + ".");
            return;
        }
        if (!StateFolder.isOurs(installation.home())) {
            output.println("Nothing runs: " + installation.home() + " was not made by Penstock.");
            return;
        }
        try (var lock = InstallationLock.acquire(installation.home(), output)) {
            stopEverything();
        }
    }

    /**
     * The control plane first, which would mend the nodes; the database last, which all others use.
     */
    void stopEverything() throws IOException, InterruptedException {
        var nodes = new LocalNodes(installation);
        var components = Stack.components(installation).reversed();
        for (var component : components) {
            var progress = new Progress(component.name(), output);
            var running = component.pid().isPresent();
            component.stop();
            if (running) {
                progress.done("stopped");
            }
            if (component.name().equals("control-plane")) {
                nodes.awaitTerraform(TERRAFORM);
                var nodeProgress = new Progress("cluster nodes", output);
                var stopped = nodes.stopAll();
                if (stopped > 0) {
                    nodeProgress.done(stopped + " stopped");
                }
            }
        }
    }
}
