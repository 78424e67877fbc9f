package io.penstock.launcher.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.launcher.LaunchFailure;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

class HostTest {

    @Test
    void aTakenPortIsReportedWithItsHolderAndTheWayOut() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var port =
                    new HostChecks.Port(
                            "keycloak", socket.getLocalPort(), "PENSTOCK_KEYCLOAK_PORT");

            assertThatThrownBy(() -> HostChecks.check(port))
                    .isInstanceOf(LaunchFailure.class)
                    .hasMessageContaining("Port " + socket.getLocalPort())
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .extracting(failure -> ((LaunchFailure) failure).advice())
                    .asString()
                    .contains("PENSTOCK_KEYCLOAK_PORT=");
        }
    }

    @Test
    void loopbackRangesInUseAreSeen() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.251.3.4"))) {
            assertThat(socket.isBound()).isTrue();
            assertThat(ListeningSockets.busyLoopbackRanges()).contains(251);
        }
    }

    @Test
    void terraformFrom1Point9OnIsNewEnough() {
        assertThat(TerraformExecutable.newEnough("1.9.0")).isTrue();
        assertThat(TerraformExecutable.newEnough("1.11.4")).isTrue();
        assertThat(TerraformExecutable.newEnough("2.0.0-beta1")).isTrue();
        assertThat(TerraformExecutable.newEnough("1.8.5")).isFalse();
        assertThat(TerraformExecutable.newEnough("0.15.5")).isFalse();
        assertThat(TerraformExecutable.newEnough("unknown")).isFalse();
    }

    @Test
    void aMissingTerraformIsSaidWithWhatToInstall() {
        assertThatThrownBy(() -> TerraformExecutable.find(Map.of("PATH", "/nowhere")))
                .isInstanceOf(LaunchFailure.class)
                .extracting(failure -> ((LaunchFailure) failure).advice())
                .asString()
                .contains("OpenTofu");
    }
}
