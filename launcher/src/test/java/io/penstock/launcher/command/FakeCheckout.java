package io.penstock.launcher.command;

import io.penstock.launcher.installation.BuildInformation;
import io.penstock.launcher.installation.Installation;
import io.penstock.launcher.installation.Secrets;
import io.penstock.launcher.installation.Settings;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * A checkout with what a build would have made, as small as possible, and an installation with free
 * ports on it.
 */
record FakeCheckout(Path root, Path home, Map<String, String> variables) {
    private static final int LOWEST_PORT = 10_000;
    private static final int HIGHEST_PORT = 60_000;

    static FakeCheckout in(Path folder) throws IOException {
        var checkout =
                new FakeCheckout(
                        folder.resolve("checkout"), folder.resolve("home"), new HashMap<>());
        checkout.writeControlPlane("first");
        checkout.writeBroker("first");
        executable(
                checkout.root.resolve("terraform/modules/platform-local/bin/node-supervisor"),
                """
                #!/usr/bin/env bash
                echo $$ > "$1/supervisor.pid"
                trap 'rm -f "$1/supervisor.pid"; exit 0' TERM
                while true; do read -r -t 1 <> <(:); done
                """);
        executable(
                folder.resolve("terraform"),
                """
                #!/usr/bin/env bash
                echo '{"terraform_version": "1.11.4"}'
                """);
        var ports = freePorts(4);
        checkout.variables.put("PENSTOCK_CONSOLE_PORT", ports.get(0).toString());
        checkout.variables.put("PENSTOCK_ENROLMENT_PORT", ports.get(1).toString());
        checkout.variables.put("PENSTOCK_KEYCLOAK_PORT", ports.get(2).toString());
        checkout.variables.put("PENSTOCK_POSTGRESQL_PORT", ports.get(3).toString());
        checkout.variables.put("PENSTOCK_OIDC_ISSUER", "https://issuer.example");
        checkout.variables.put("PENSTOCK_OIDC_CLIENT_ID", "console");
        checkout.variables.put("PENSTOCK_OIDC_CLIENT_SECRET", "secret-of-the-console");
        checkout.variables.put("PENSTOCK_TERRAFORM", folder.resolve("terraform").toString());
        return checkout;
    }

    Installation installation() {
        return new Installation(
                home,
                root,
                Path.of(System.getProperty("java.home")),
                Settings.resolve(home, root, variables, Set.of()),
                new Secrets(home.resolve("secrets")),
                BuildInformation.load(),
                variables);
    }

    void writeControlPlane(String content) throws IOException {
        var jar = root.resolve("control-plane/target/quarkus-app/quarkus-run.jar");
        Files.createDirectories(jar.getParent());
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(Attributes.Name.MAIN_CLASS, FakeControlPlane.class.getName());
        var name = FakeControlPlane.class.getName().replace('.', '/') + ".class";
        try (var output = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var code = FakeControlPlane.class.getClassLoader().getResourceAsStream(name)) {
            output.putNextEntry(new JarEntry(name));
            code.transferTo(output);
            output.closeEntry();
        }
        Files.writeString(jar.resolveSibling("build"), content);
    }

    void writeBroker(String content) throws IOException {
        var jar = root.resolve("data-plane-broker/target/dist/lib/broker.jar");
        Files.createDirectories(jar.getParent());
        Files.writeString(jar, content);
    }

    Path writeNode(String cluster, String name, String desired) throws IOException {
        var folder =
                Files.createDirectories(home.resolve("clusters").resolve(cluster).resolve(name));
        Files.writeString(folder.resolve("node.json"), "{\"desired\": \"" + desired + "\"}");
        return folder;
    }

    private static void executable(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Where the kernel's range begins; a range that leaves no room before it is not avoided. */
    private static int endOfPorts() throws IOException {
        try (var range = new Scanner(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))) {
            var start = range.nextInt();
            return start - LOWEST_PORT > 1000 ? start : HIGHEST_PORT;
        }
    }

    /**
     * All different, and none of those that the kernel gives to connections, so that they are still
     * free after a restart.
     */
    private static List<Integer> freePorts(int count) throws IOException {
        var end = endOfPorts();
        var ports = new LinkedHashSet<Integer>();
        while (ports.size() < count) {
            var port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, end);
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                ports.add(socket.getLocalPort());
            } catch (BindException taken) {
                // Another one is tried.
            }
        }
        return List.copyOf(ports);
    }
}
