package io.penstock.broker.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.broker.log.LogDirectories;
import io.penstock.broker.log.LogDirectoriesOptions;
import io.penstock.broker.log.ManualClock;
import io.penstock.broker.protocol.record.KafkaDecompression;
import io.penstock.broker.replication.DiskLog;
import io.penstock.broker.replication.DiskLogs;
import io.penstock.broker.replication.ReplicaLog;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

class DiskLogTest extends ReplicaLogContract {

    private static final int HISTORIES = 60;

    @TempDir Path directory;
    private final List<LogDirectories> opened = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (LogDirectories each : opened) {
            each.close();
        }
    }

    private DiskLogs open(Path folder) {
        LogDirectories directories =
                LogDirectories.open(
                        LogDirectoriesOptions.defaults(List.of(folder), 1, "cluster"),
                        new ManualClock(),
                        new KafkaDecompression());
        opened.add(directories);
        return new DiskLogs(directories);
    }

    private Path freshFolder() {
        return directory.resolve(Integer.toString(opened.size()));
    }

    @Override
    ReplicaLog create() throws IOException {
        return open(freshFolder()).create(PARTITION, TOPIC_ID, SETTINGS);
    }

    @Override
    ReplicaLog createDurable() throws IOException {
        return open(freshFolder()).create(PARTITION, TOPIC_ID, DURABLE);
    }

    @Override
    void awaitDisk(BooleanSupplier done) {
        await().pollInterval(Duration.ofMillis(1)).until(done::getAsBoolean);
    }

    /** A copy of the files, which nobody closed. */
    @Override
    ReplicaLog afterKill(ReplicaLog log) throws IOException {
        Path from = ((DiskLog) log).log().directory().getParent();
        Path to = freshFolder();
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                copyIfThere(file, to.resolve(from.relativize(file).toString()));
            }
        }
        // Of a log without a record there may be no files; its broker makes it anew.
        DiskLogs logs = open(to);
        Optional<ReplicaLog> found = logs.find(PARTITION);
        return found.isPresent() ? found.get() : logs.create(PARTITION, TOPIC_ID, SETTINGS);
    }

    private static void copyIfThere(Path file, Path target) throws IOException {
        try {
            Files.copy(file, target);
        } catch (NoSuchFileException renamedMeanwhile) {
            return;
        }
    }

    @Test
    void randomHistoriesGoAsInMemory() throws IOException {
        MemoryLogTest memory = new MemoryLogTest();
        for (int seed = 0; seed < HISTORIES; seed++) {
            List<String> onDisk = history(seed).lines().toList();
            List<String> inMemory = memory.history(seed).lines().toList();
            for (int line = 0; line < onDisk.size(); line++) {
                assertThat(onDisk.get(line))
                        .as("line %d of seed %d", line, seed)
                        .isEqualTo(inMemory.get(line));
            }
            assertThat(inMemory).hasSameSizeAs(onDisk);
        }
    }
}
