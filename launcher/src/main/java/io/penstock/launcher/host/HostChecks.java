package io.penstock.launcher.host;

import io.penstock.launcher.LaunchFailure;
import io.penstock.launcher.installation.Installation;
import io.penstock.launcher.process.Component;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;

/** What must be true of the host before anything is started. */
public final class HostChecks {
    private static final long NEEDED_BYTES = 3L << 30;

    private HostChecks() {}

    /** A port that a component will listen on, and the variable that chooses another one. */
    public record Port(String component, int number, String variable) {}

    public static void disk(Path home) throws IOException {
        var folder = home;
        while (!Files.exists(folder)) {
            folder = folder.getParent();
        }
        var usable = Files.getFileStore(folder).getUsableSpace();
        if (usable < NEEDED_BYTES) {
            throw new LaunchFailure(
                    "Only %.1f GiB are free where %s lies; 3 GiB are needed."
                            .formatted(usable / (double) (1L << 30), home),
                    "Free some space, or choose another folder with PENSTOCK_HOME.");
        }
    }

    /** No port is given twice, and each is free or held by the component that it belongs to. */
    public static void ports(Installation installation, List<Component> components) {
        var users = new HashMap<Integer, Port>();
        for (var port : ports(installation)) {
            var owner =
                    components.stream().filter(c -> c.name().equals(port.component())).findFirst();
            if (owner.isEmpty()) {
                continue;
            }
            var other = users.put(port.number(), port);
            if (other != null) {
                throw new LaunchFailure(
                        "%s and %s are both %d."
                                .formatted(other.variable(), port.variable(), port.number()),
                        "Give them different ports.");
            }
            var pid = owner.get().pid();
            if (pid.isEmpty() || ListeningSockets.isHeldByAnother(pid.get(), port.number())) {
                check(port);
            }
        }
    }

    static void check(Port port) {
        if (!ListeningSockets.isFree(port.number())) {
            throw new LaunchFailure(
                    "Port %d, which %s needs, is taken%s."
                            .formatted(
                                    port.number(),
                                    port.component(),
                                    ListeningSockets.holder(port.number())
                                            .map(holder -> " by " + holder)
                                            .orElse("")),
                    "Stop that process (if it belongs to another checkout: `./penstock down` there), or choose"
                            + " another port: %s=%d ./penstock up"
                                    .formatted(port.variable(), suggestion(port.number())));
        }
    }

    private static List<Port> ports(Installation installation) {
        var settings = installation.settings();
        return List.of(
                new Port("postgresql", settings.postgresqlPort(), "PENSTOCK_POSTGRESQL_PORT"),
                new Port("keycloak", settings.keycloakPort(), "PENSTOCK_KEYCLOAK_PORT"),
                new Port("control-plane", settings.consolePort(), "PENSTOCK_CONSOLE_PORT"),
                new Port("control-plane", settings.enrolmentPort(), "PENSTOCK_ENROLMENT_PORT"));
    }

    private static int suggestion(int port) {
        for (var candidate = port + 1; candidate < 65_536; candidate++) {
            if (ListeningSockets.isFree(candidate)) {
                return candidate;
            }
        }
        return port;
    }
}
