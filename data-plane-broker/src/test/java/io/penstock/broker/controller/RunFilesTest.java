package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.broker.metadata.PreviousStop;
import io.penstock.broker.metadata.StopKind;

import org.apache.kafka.common.Uuid;
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
    private static final Uuid PROCESS = new Uuid(1, 1);
    private static final Uuid NEXT_PROCESS = new Uuid(1, 2);
    private static final OptionalLong NO_MARKER = OptionalLong.empty();

    @TempDir Path directory;
    private Path first;
    private Path second;

    @BeforeEach
    void makeDirectories() throws IOException {
        first = Files.createDirectory(directory.resolve("first"));
        second = Files.createDirectory(directory.resolve("second"));
    }

    @Test
    void aBrokerWithoutAPastHasNothingToSay() {
        assertThat(killed(BOOT, first)).isEmpty();
    }

    @Test
    void aKilledProcessLeavesThePageCacheOfTheSameKernel() throws IOException {
        run(BOOT, 12, first, second);

        assertThat(killed(BOOT, first, second)).containsExactly(shown(12, StopKind.PROCESS));
    }

    @Test
    void anotherBootIsTheStopOfTheMachine() throws IOException {
        run(BOOT, 12, first);

        assertThat(killed(NEXT_BOOT, first)).containsExactly(shown(12, StopKind.MACHINE));
    }

    @Test
    void aStopBeforeTheRegistrationTellsNothingNew() throws IOException {
        run(BOOT, 12, first);
        OptionalLong unregistered = OptionalLong.of(-1);

        assertThat(RunFiles.of(List.of(first), unregistered, BOOT).previous())
                .containsExactly(shown(12, StopKind.PROCESS));
        assertThat(RunFiles.of(List.of(first), unregistered, NEXT_BOOT).previous())
                .containsExactly(shown(12, StopKind.MACHINE));
    }

    @Test
    void aKernelThatTellsNoBootIsNotTrusted() throws IOException {
        run(Optional.empty(), 12, first);

        assertThat(killed(Optional.empty(), first)).containsExactly(shown(12, StopKind.MACHINE));
    }

    @Test
    void theWorstOfTheDirectoriesCounts() throws IOException {
        run(BOOT, 12, first);

        assertThat(killed(BOOT, first, second)).isEmpty();

        run(NEXT_BOOT, 12, second);

        assertThat(killed(BOOT, first, second)).containsExactly(shown(12, StopKind.MACHINE));
    }

    @Test
    void theMarkerOfACleanStopOutlivesTheMachine() throws IOException {
        run(BOOT, 12, first);

        RunFiles files = RunFiles.of(List.of(first), OptionalLong.of(12), NEXT_BOOT);

        assertThat(files.previous()).contains(shown(12, StopKind.CLEAN));
        assertThat(files.previous()).extracting(PreviousStop::kind).containsOnly(StopKind.CLEAN);
    }

    @Test
    void aDamagedFileIsNoPast() throws IOException {
        Files.writeString(first.resolve("last-run.json"), "{\"version\":1,\"brok");

        assertThat(killed(BOOT, first)).isEmpty();
    }

    @Test
    void aDirectoryThatCannotBeUsedDoesNotKeepTheOthersFromBeingWritten() throws IOException {
        run(BOOT, 12, first);
        Path gone = directory.resolve("gone");

        RunFiles files = RunFiles.of(List.of(gone, first), NO_MARKER, BOOT);
        assertThatThrownBy(() -> files.begin(NEXT_PROCESS)).isInstanceOf(IOException.class);

        assertThat(killed(BOOT, first))
                .containsExactly(new PreviousStop(-1, NEXT_PROCESS, StopKind.PROCESS));
        assertThat(killed(BOOT, gone, first)).isEmpty();
    }

    @Test
    void aFileOfAnOlderVersionIsAPast() throws IOException {
        Files.writeString(
                first.resolve("last-run.json"),
                "{\"version\":1,\"broker_epoch\":12,\"boot_id\":\"boot-1\"}");

        assertThat(killed(BOOT, first))
                .containsExactly(new PreviousStop(12, Uuid.ZERO_UUID, StopKind.PROCESS));
    }

    /** Whether it was registered, and whether a controller saw it, nobody knows. */
    @Test
    void aProcessThatMetadataDidNotShowDoesNotHideTheOneBefore() throws IOException {
        run(BOOT, 12, first, second);
        begin(BOOT, NEXT_PROCESS, first, second);

        assertThat(killed(BOOT, first, second))
                .containsExactly(
                        new PreviousStop(-1, NEXT_PROCESS, StopKind.PROCESS),
                        shown(12, StopKind.PROCESS));
    }

    @Test
    void aProcessThatMetadataShowedIsTheOnlyPast() throws IOException {
        begin(BOOT, PROCESS, first);
        RunFiles next = RunFiles.of(List.of(first), NO_MARKER, BOOT);
        next.begin(NEXT_PROCESS);
        next.shown(15);

        assertThat(killed(BOOT, first))
                .containsExactly(new PreviousStop(15, NEXT_PROCESS, StopKind.PROCESS));
    }

    @Test
    void aStopOfTheMachineIsNotForgottenOverTheKillAfterIt() throws IOException {
        run(BOOT, 12, first);
        begin(NEXT_BOOT, NEXT_PROCESS, first);

        assertThat(killed(NEXT_BOOT, first))
                .containsExactly(
                        new PreviousStop(-1, NEXT_PROCESS, StopKind.PROCESS),
                        shown(12, StopKind.MACHINE));
    }

    /** The process that stopped in order had a disk that did not take the file. */
    @Test
    void aMarkerSaysNothingOfAProcessThatIsNotItsOwn() throws IOException {
        run(BOOT, 12, first);

        assertThat(RunFiles.of(List.of(first), OptionalLong.of(15), NEXT_BOOT).previous())
                .containsExactly(
                        new PreviousStop(15, Uuid.ZERO_UUID, StopKind.CLEAN),
                        shown(12, StopKind.MACHINE));
    }

    @Test
    void aKillBetweenTwoDirectoriesLeavesWhatBothTell() throws IOException {
        run(BOOT, 12, first, second);
        begin(BOOT, NEXT_PROCESS, first);

        assertThat(killed(BOOT, first, second)).containsExactly(shown(12, StopKind.PROCESS));
    }

    @Test
    void howeverOftenNobodyTookNoteTheOldestAndTheNewestAreKept() throws IOException {
        run(BOOT, 12, first);
        for (int process = 0; process < 40; process++) {
            begin(BOOT, new Uuid(2, process), first);
        }

        List<PreviousStop> stops = killed(BOOT, first);

        assertThat(stops).hasSizeLessThan(20).endsWith(shown(12, StopKind.PROCESS));
        assertThat(stops)
                .startsWith(
                        new PreviousStop(-1, new Uuid(2, 39), StopKind.PROCESS),
                        new PreviousStop(-1, new Uuid(2, 38), StopKind.PROCESS));
    }

    private static PreviousStop shown(long brokerEpoch, StopKind kind) {
        return new PreviousStop(brokerEpoch, PROCESS, kind);
    }

    private static void run(Optional<String> boot, long brokerEpoch, Path... directories)
            throws IOException {
        RunFiles files = RunFiles.of(List.of(directories), NO_MARKER, boot);
        files.begin(PROCESS);
        files.shown(brokerEpoch);
    }

    /** As far as a process comes while there is no controller. */
    private static void begin(Optional<String> boot, Uuid incarnation, Path... directories)
            throws IOException {
        RunFiles.of(List.of(directories), NO_MARKER, boot).begin(incarnation);
    }

    private static List<PreviousStop> killed(Optional<String> boot, Path... directories) {
        return RunFiles.of(List.of(directories), NO_MARKER, boot).previous();
    }
}
