package io.penstock.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.systemtests.faults.Fault.Injury;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Random;

/** Disks that are full, and segments whose end is not what was written. */
final class DiskFaults {
    private static final String BALLAST = "ballast";
    private static final int MOST_BYTES_DAMAGED = 4_000;

    private DiskFaults() {}

    /**
     * A leader's disk has no room for a while. It gives its leaderships away and leaves the sets of
     * in-sync replicas, also where it only follows; everybody goes on without it, and it comes back
     * when there is room.
     */
    static Injury fullAtLeader(Scene scene) throws Exception {
        return full(scene, scene.someLeader());
    }

    /** The same of a broker that leads nothing, as one that was restarted just now. */
    static Injury fullAtFollower(Scene scene) throws Exception {
        var follower = scene.random().nextInt(scene.cluster().plan().brokers());
        var node = scene.cluster().broker(follower);
        node.stop();
        node.start();
        node.awaitRunning(Limits.START);
        scene.topic().awaitAllInSync(Limits.IN_SYNC);
        assertThat(scene.topic().ledBy(follower)).as("led by " + node.name()).isEmpty();
        return full(scene, follower);
    }

    private static Injury full(Scene scene, int broker) throws Exception {
        var node = scene.cluster().broker(broker);
        var ballast = scene.cluster().data(node.name()).resolve(BALLAST);
        fill(ballast);
        scene.topic().awaitOutOfSync(broker, Limits.SEPARATION);
        scene.load().awaitProgress(Limits.PROGRESS);
        return Injury.survived(
                scene.allPartitions(),
                () -> {
                    assertThat(node.isRunning()).as(node.name() + " runs").isTrue();
                    Files.delete(ballast);
                });
    }

    /** Takes every byte that is free. */
    private static void fill(Path ballast) throws IOException {
        var block = new byte[1 << 16];
        try (var out = Files.newOutputStream(ballast, StandardOpenOption.CREATE_NEW)) {
            while (Files.getFileStore(ballast.getParent()).getUsableSpace() > 0) {
                out.write(block);
            }
        } catch (IOException e) {
            if (Files.getFileStore(ballast.getParent()).getUsableSpace() > 0) {
                throw e;
            }
        }
    }

    /**
     * A broker is killed and leaves the sets of in-sync replicas; meanwhile the ends of its
     * segments are torn off, changed, or followed by rubbish. It takes from the leaders what it
     * lacks.
     */
    static Injury damagedTails(Scene scene) throws Exception {
        var broker = scene.someLeader();
        var node = scene.cluster().broker(broker);
        node.kill();
        scene.topic().awaitOutOfSync(broker, Limits.SUCCESSION);
        for (var partition = 0; partition < scene.partitions(); partition++) {
            damage(newestSegment(scene, node, partition), scene.random());
        }
        return Injury.survived(
                scene.allPartitions(),
                () -> {
                    node.start();
                    node.awaitRunning(Limits.START);
                });
    }

    /** The only replica loses the end of every partition while it is down: records are gone. */
    static Injury lostTails(Scene scene) throws Exception {
        var node = scene.cluster().broker(0);
        node.kill();
        for (var partition = 0; partition < scene.partitions(); partition++) {
            try (var file =
                    new RandomAccessFile(newestSegment(scene, node, partition).toFile(), "rw")) {
                file.setLength(file.length() / 2);
            }
        }
        return Injury.standstill(
                scene.allPartitions(),
                () -> {
                    node.start();
                    node.awaitRunning(Limits.START);
                });
    }

    private static Path newestSegment(Scene scene, Node node, int partition) throws IOException {
        var folder = scene.cluster().data(node.name()).resolve(scene.topic().folder(partition));
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private static void damage(Path segment, Random random) throws IOException {
        try (var file = new RandomAccessFile(segment.toFile(), "rw")) {
            var length = file.length();
            var tail = (int) Math.min(length, 1 + random.nextInt(MOST_BYTES_DAMAGED));
            var rubbish = new byte[tail];
            random.nextBytes(rubbish);
            switch (random.nextInt(3)) {
                case 0 -> file.setLength(length - tail);
                case 1 -> {
                    file.seek(length - tail);
                    file.write(rubbish);
                }
                default -> {
                    file.seek(length);
                    file.write(rubbish);
                }
            }
        }
    }
}
