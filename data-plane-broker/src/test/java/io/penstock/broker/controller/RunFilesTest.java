package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.StopKind;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

class RunFilesTest {

    private static final Optional<String> BOOT = Optional.of("boot-1");
    private static final Optional<String> NEXT_BOOT = Optional.of("boot-2");

    @TempDir Path directory;
    private Path first;
    private Path second;

    @BeforeEach
    void makeDirectories() throws IOException {
        first = Files.createDirectory(directory.resolve("first"));
        second = Files.createDirectory(directory.resolve("second"));
    }

    @Test
    void aBrokerWithoutAPastIsTrustedWithNothing() throws IOException {
        assertThat(killed(BOOT, first)).isEqualTo(PreviousStop.UNKNOWN);
    }

    @Test
    void aKilledProcessLeavesThePageCacheOfTheSameKernel() throws IOException {
        run(BOOT, 12, first, second);

        assertThat(killed(BOOT, first, second)).isEqualTo(new PreviousStop(12, StopKind.PROCESS));
    }

    @Test
    void anotherBootIsTheStopOfTheMachine() throws IOException {
        run(BOOT, 12, first);

        assertThat(killed(NEXT_BOOT, first)).isEqualTo(new PreviousStop(12, StopKind.MACHINE));
    }

    @Test
    void aStopBeforeTheRegistrationTellsNothingNew() throws IOException {
        run(BOOT, 12, first);
        OptionalLong unregistered = OptionalLong.of(-1);

        RunFiles sameKernel = RunFiles.of(List.of(first), unregistered, BOOT);
        RunFiles otherKernel = RunFiles.of(List.of(first), unregistered, NEXT_BOOT);

        assertThat(sameKernel.previous()).isEqualTo(new PreviousStop(12, StopKind.PROCESS));
        assertThat(otherKernel.previous()).isEqualTo(new PreviousStop(12, StopKind.MACHINE));
    }

    @Test
    void aKernelThatTellsNoBootIsNotTrusted() throws IOException {
        run(Optional.empty(), 12, first);

        assertThat(killed(Optional.empty(), first).kind()).isEqualTo(StopKind.MACHINE);
    }

    @Test
    void theWorstOfTheDirectoriesCounts() throws IOException {
        run(BOOT, 12, first);

        assertThat(killed(BOOT, first, second))
                .isEqualTo(new PreviousStop(BrokerRegistration.NO_EPOCH, StopKind.MACHINE));
    }

    @Test
    void theMarkerOfACleanStopOutlivesTheMachine() throws IOException {
        run(BOOT, 12, first);

        RunFiles files = RunFiles.of(List.of(first), OptionalLong.of(12), NEXT_BOOT);

        assertThat(files.previous()).isEqualTo(new PreviousStop(12, StopKind.CLEAN));
    }

    @Test
    void aDamagedFileIsNoPast() throws IOException {
        Files.writeString(first.resolve("last-run.json"), "{\"version\":1,\"brok");

        assertThat(killed(BOOT, first)).isEqualTo(PreviousStop.UNKNOWN);
    }

    @Test
    void aDirectoryThatCannotBeUsedDoesNotKeepTheOthersFromBeingWritten() throws IOException {
        run(BOOT, 12, first);
        Path gone = directory.resolve("gone");

        assertThatThrownBy(() -> run(BOOT, 13, gone, first)).isInstanceOf(IOException.class);

        assertThat(killed(BOOT, first)).isEqualTo(new PreviousStop(13, StopKind.PROCESS));
        assertThat(killed(BOOT, gone, first).kind()).isEqualTo(StopKind.MACHINE);
    }

    private static void run(Optional<String> boot, long brokerEpoch, Path... directories)
            throws IOException {
        RunFiles.of(List.of(directories), OptionalLong.empty(), boot).begin(brokerEpoch);
    }

    private static PreviousStop killed(Optional<String> boot, Path... directories) {
        return RunFiles.of(List.of(directories), OptionalLong.empty(), boot).previous();
    }
}
