package io.penstock.systemtests.faults;

import io.penstock.systemtests.faults.Fault.Injury;

import org.assertj.core.api.Assertions;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Processes of this suite's own that keep all processors busy, until it is closed. */
final class BusyMachine implements AutoCloseable {
    static final int PER_CENT = 90;

    /** What is left of that where clients and brokers stand still with a stopped one. */
    private static final double LEAST_BUSY = 0.8;

    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int SHORTEST_BETWEEN_SECONDS = 5;
    private static final int LONGEST_BETWEEN_SECONDS = 15;
    private static final Duration END_LIMIT = Duration.ofSeconds(30);

    private final List<Process> burners = new ArrayList<>();
    private final Thread closeAtEnd = new Thread(this::kill);
    private final ProcessorTime begin;

    private BusyMachine() throws IOException {
        begin = ProcessorTime.now();
    }

    static BusyMachine start() throws IOException {
        var machine = new BusyMachine();
        Runtime.getRuntime().addShutdownHook(machine.closeAtEnd);
        for (var i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            machine.burners.add(
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx16m",
                                    "-XX:+UseSerialGC",
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    Path.of(System.getProperty("penstock.target"), "test-classes")
                                            .toString(),
                                    CpuBurner.class.getName(),
                                    Integer.toString(PER_CENT))
                            .inheritIO()
                            .start());
        }
        return machine;
    }

    /**
     * Brokers do their work for so long on a machine without time for them, and one or another
     * stands still for two seconds now and then. None may be taken for dead.
     */
    static Fault lasting(Duration duration) {
        return scene -> {
            var brokers = scene.cluster().brokers();
            var registrations = new Registrations(brokers);
            var began = System.nanoTime();
            var pauses = 0;
            try (var machine = start()) {
                while (System.nanoTime() - began < duration.toNanos()) {
                    Absence.last(
                            Duration.ofSeconds(
                                    scene.random()
                                            .nextInt(
                                                    SHORTEST_BETWEEN_SECONDS,
                                                    LONGEST_BETWEEN_SECONDS)));
                    registrations.look();
                    pause(scene.some(brokers));
                    pauses++;
                }
                registrations.awaitAll(Limits.START);
                Progress.say(
                        "busy machine",
                        "%d pauses, processors used %.0f %%, fenced falsely %d"
                                .formatted(pauses, machine.used() * 100, registrations.lost()));
                Assertions.assertThat(machine.used())
                        .as("share of the processors' time that was used")
                        .isGreaterThan(LEAST_BUSY);
            }
            Assertions.assertThat(registrations.lost()).as("brokers fenced falsely").isZero();
            return Injury.survived(scene.allPartitions(), Fault.Step::nothing);
        };
    }

    private static void pause(Node node) throws IOException, InterruptedException {
        node.freeze();
        try {
            Absence.last(PAUSE);
        } finally {
            node.thaw();
        }
    }

    private double used() throws IOException {
        return ProcessorTime.now().busySince(begin);
    }

    private void kill() {
        burners.forEach(Process::destroyForcibly);
    }

    @Override
    public void close() throws InterruptedException {
        kill();
        for (var burner : burners) {
            Assertions.assertThat(burner.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("a load process has ended")
                    .isTrue();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(closeAtEnd);
        } catch (IllegalStateException e) {
            // This process ends already; there is nothing left to do for the hook.
        }
    }
}
