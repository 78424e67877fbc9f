package io.penstock.provisioner.terraform;

import io.penstock.provisioner.nodes.ClusterLayout;
import io.penstock.provisioner.pki.EnrolmentToken;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A control plane that applies one cluster, in a process of its own so that it can be killed: it
 * gets to the end of Terraform's work, and no further.
 */
final class ApplyInAnotherJvm {
    private ApplyInAnotherJvm() {}

    static Process start(Path home, String databaseUrl, String clusterId, int subnet, File output)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ApplyInAnotherJvm.class.getName(),
                        home.toString(),
                        clusterId,
                        Integer.toString(subnet));
        builder.environment().put("STATE_DATABASE_URL", databaseUrl);
        return builder.redirectErrorStream(true).redirectOutput(output).start();
    }

    static Map<String, EnrolmentToken> tokens(ClusterLayout layout) {
        Map<String, EnrolmentToken> tokens = new HashMap<>();
        layout.nodes()
                .forEach(
                        node ->
                                tokens.put(
                                        node.name(),
                                        new EnrolmentToken("token-of-" + node.name())));
        return tokens;
    }

    /** Arguments: state folder, cluster id, subnet. */
    public static void main(String[] arguments) throws Exception {
        ClusterLayout layout =
                LocalInstallation.layout(
                        arguments[1], Integer.parseInt(arguments[2]), LocalInstallation.VERSION);
        TerraformSettings settings =
                new TerraformSettings(
                        "terraform",
                        LocalInstallation.MODULES,
                        "local",
                        System.getenv("STATE_DATABASE_URL"),
                        Path.of(arguments[0]),
                        Duration.ofMinutes(10));
        new TerraformWorkspace(settings, arguments[1])
                .apply(
                        LocalInstallation.input(layout, tokens(layout)),
                        1,
                        ApplyInAnotherJvm::follow);
    }

    private static void follow(TerraformEvent event) {
        System.out.println(event.message());
        if (event instanceof TerraformEvent.Summary summary
                && summary.operation().equals("apply")) {
            awaitBeingKilled();
        }
    }

    private static void awaitBeingKilled() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
