package io.penstock.launcher.command;

import io.penstock.launcher.LaunchFailure;
import io.penstock.launcher.host.HostChecks;
import io.penstock.launcher.host.TerraformExecutable;
import io.penstock.launcher.installation.ExternalServices;
import io.penstock.launcher.installation.Installation;
import io.penstock.launcher.installation.InstallationLock;
import io.penstock.launcher.installation.PrivateFiles;
import io.penstock.launcher.installation.Settings;
import io.penstock.launcher.nodes.LocalNodes;
import io.penstock.launcher.nodes.NodeImage;
import io.penstock.launcher.process.Component;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** Starts what does not run, replaces what is out of date, leaves alone what is well. */
public final class Up {
    private final Installation installation;
    private final PrintStream output;

    public Up(Installation installation, PrintStream output) {
        this.installation = installation;
        this.output = output;
    }

    public void run() throws Exception {
        try (var lock = InstallationLock.acquire(installation.home(), output)) {
            var components = Stack.components(installation);
            check(components);
            PrivateFiles.folder(installation.home());
            installation.settings().write(installation.home());
            new NodeImage(installation).publish();
            for (var component : components) {
                ensure(component);
            }
            startNodes();
        }
        new Greeting(installation, output).print();
    }

    private void check(List<Component> components) throws Exception {
        HostChecks.disk(installation.home());
        TerraformExecutable.check(installation.environment());
        var other = Settings.storedCheckout(installation.home(), installation.checkout());
        var running = components.stream().anyMatch(component -> component.pid().isPresent());
        if (running && !other.equals(installation.checkout())) {
            throw new LaunchFailure(
                    "The state folder %s is in use by the checkout %s."
                            .formatted(installation.home(), other),
                    "Run %s/penstock down first, or choose another folder with PENSTOCK_HOME."
                            .formatted(other));
        }
        ExternalServices.check(installation);
        HostChecks.ports(installation, components);
    }

    private void ensure(Component component) throws Exception {
        var progress = new Progress(component.name(), output);
        component.prepare();
        if (component.pid().isPresent()) {
            if (component.current() && await(component, Duration.ofSeconds(20), progress)) {
                component.settle();
                progress.done("runs");
                return;
            }
            progress.show("is replaced");
            component.stop();
        }
        component.start();
        if (!await(component, component.patience(), progress)) {
            progress.failed();
            throw new LaunchFailure(
                    component.pid().isPresent()
                            ? "%s did not become healthy within %d seconds."
                                    .formatted(component.name(), component.patience().toSeconds())
                            : component.name() + " ended while it started.",
                    "Its log is %s; the end of it:%n%s"
                            .formatted(component.log(), LogTail.of(component.log(), 30)));
        }
        component.settle();
        progress.done("started");
    }

    private static boolean await(Component component, Duration limit, Progress progress)
            throws InterruptedException {
        var deadline = System.nanoTime() + limit.toNanos();
        while (!component.healthy()) {
            if (component.pid().isEmpty() || System.nanoTime() - deadline > 0) {
                return false;
            }
            progress.show("starts");
            Thread.sleep(100);
        }
        // Somebody else's process may answer on the port while ours has ended.
        return component.pid().isPresent();
    }

    private void startNodes() throws Exception {
        var nodes = new LocalNodes(installation);
        if (nodes.list().isEmpty()) {
            return;
        }
        var progress = new Progress("cluster nodes", output);
        var started = nodes.startMissing();
        progress.done(started == 0 ? "run" : started + " started");
    }
}
