package io.penstock.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;

/** The installation's end, while a cluster is being created. */
@Tag("system")
@Order(Integer.MAX_VALUE)
class ResetTest {
    @Test
    void resetLeavesNothingRunningAndNothingOnDisk() throws Exception {
        var installation = Installation.running();
        var creation = installation.as("alice").create("unfinished", 1);
        await().atMost(Duration.ofMinutes(3))
                .until(() -> !Processes.bearing(creation.clusterId()).isEmpty());

        installation.reset();

        Processes.awaitNoneBearing(installation.home().toString());
        assertThat(installation.home()).doesNotExist();
        for (var port :
                List.of(
                        "PENSTOCK_CONSOLE_PORT",
                        "PENSTOCK_ENROLMENT_PORT",
                        "PENSTOCK_KEYCLOAK_PORT",
                        "PENSTOCK_POSTGRESQL_PORT")) {
            var address = InetAddress.getLoopbackAddress();
            try (var socket = new ServerSocket(installation.port(port), 1, address)) {
                assertThat(socket.isBound()).as(port).isTrue();
            }
        }
    }
}
