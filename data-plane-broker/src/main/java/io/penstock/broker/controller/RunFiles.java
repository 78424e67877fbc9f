package io.penstock.broker.controller;

import com.fasterxml.jackson.databind.JsonNode;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.PreviousStop;

import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file in each log directory names the process and the boot of the kernel under which the
 * directory was last used. While the kernel is the same, what a killed process wrote is still in
 * the page cache or on the disk. For one thread's use.
 */
public final class RunFiles implements RunRecord {

    private static final Logger LOG = LoggerFactory.getLogger(RunFiles.class);
    private static final Path KERNEL_BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int VERSION = 1;
    private static final String FILE = "last-run.json";

    private final List<Path> directories;
    private final Optional<String> bootId;
    private final List<PreviousStop> previous;
    private Optional<LastRun> present = Optional.empty();

    private RunFiles(List<Path> directories, Optional<String> bootId, List<PreviousStop> previous) {
        this.directories = directories;
        this.bootId = bootId;
        this.previous = previous;
    }

    /**
     * @param cleanEpoch the broker epoch in the directories' markers of a clean stop, when each has
     *     one
     */
    public static RunFiles of(List<Path> directories, OptionalLong cleanEpoch) throws IOException {
        return of(directories, cleanEpoch, kernelBootId());
    }

    /**
     * @param bootId empty where the kernel tells none; nothing is then trusted after a kill
     */
    static RunFiles of(List<Path> directories, OptionalLong cleanEpoch, Optional<String> bootId) {
        List<Optional<LastRun>> runs = new ArrayList<>();
        for (Path directory : directories) {
            runs.add(read(directory.resolve(FILE)));
        }
        return new RunFiles(
                List.copyOf(directories), bootId, LastRun.stops(runs, cleanEpoch, bootId));
    }

    /** A directory that cannot be read has no past. */
    private static Optional<LastRun> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode node = Json.parse(file.toString(), Files.readAllBytes(file), VERSION);
            return Optional.of(
                    new LastRun(
                            Optional.of(node.path("boot_id").asText()),
                            PreviousStopsJson.incarnation(node),
                            node.path("broker_epoch").asLong(BrokerRegistration.NO_EPOCH),
                            PreviousStopsJson.decode(node.path("before"))));
        } catch (IOException | IllegalArgumentException damaged) {
            LOG.warn("{} is ignored: {}", file, damaged.toString());
            return Optional.empty();
        }
    }

    private static Optional<String> kernelBootId() throws IOException {
        return Files.isReadable(KERNEL_BOOT_ID)
                ? Optional.of(Files.readString(KERNEL_BOOT_ID).strip())
                : Optional.empty();
    }

    @Override
    public List<PreviousStop> previous() {
        return previous;
    }

    @Override
    public void begin(Uuid incarnation) throws IOException {
        write(LastRun.begun(bootId, incarnation, previous));
    }

    @Override
    public void shown(long brokerEpoch) throws IOException {
        write(present.orElseThrow().shown(brokerEpoch));
    }

    private void write(LastRun run) throws IOException {
        present = Optional.of(run);
        var node =
                Json.object(VERSION)
                        .put("broker_epoch", run.brokerEpoch())
                        .put("boot_id", run.bootId().orElse(""))
                        .put("incarnation_id", run.incarnation().toString());
        node.set("before", PreviousStopsJson.encode(run.before()));
        byte[] content = Json.bytes(node);
        IOException failure = null;
        for (Path directory : directories) {
            try {
                write(directory, content);
            } catch (IOException e) {
                if (failure == null) {
                    failure = new IOException("not written to every log directory", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static void write(Path directory, byte[] content) throws IOException {
        Path fresh = directory.resolve(FILE + ".new");
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(
                fresh,
                directory.resolve(FILE),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        // After a loss of power it must not be the run before that is found.
        try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
