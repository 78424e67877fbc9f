package io.penstock.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

@Timeout(120)
class BoundedWorkTest {

    private static final List<String> ENDLESS = List.of("sh", "-c", "sleep 300; true");

    @Test
    void workThatHangsEndsWithTheProcessesItStarted() throws Exception {
        AtomicReference<Process> started = new AtomicReference<>();

        assertThatThrownBy(
                        () ->
                                BoundedWork.within(
                                        Duration.ofSeconds(1),
                                        () -> {
                                            started.set(new ProcessBuilder(ENDLESS).start());
                                            return started.get().waitFor();
                                        }))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("1 s");
        assertThat(started.get().waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aFailureArrivesAsItWas() {
        assertThatThrownBy(
                        () ->
                                BoundedWork.within(
                                        Duration.ofSeconds(30),
                                        () -> {
                                            throw new IOException("full disk");
                                        }))
                .isInstanceOf(IOException.class)
                .hasMessage("full disk");
    }

    @Test
    void aCommandThatHangsIsEnded() {
        assertThatThrownBy(() -> Commands.run(ENDLESS, Map.of(), Duration.ofMillis(500)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("status");
    }

    @Test
    void aCommandThatFailsShowsWhatItSaid() {
        assertThatThrownBy(
                        () ->
                                Commands.run(
                                        List.of("sh", "-c", "echo no such topic; exit 3"),
                                        Map.of(),
                                        Duration.ofSeconds(30)))
                .hasMessageContaining("status 3")
                .hasMessageContaining("no such topic");
    }
}
