package io.penstock.systemtests.faults;

import io.penstock.systemtests.faults.Violation.Rule;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The segment files of one topic on several brokers: what one offset holds is the same on each. */
final class ReplicaFiles {
    private ReplicaFiles() {}

    /**
     * @param logDirectories one of each broker that has a replica of every partition
     */
    static List<Violation> compare(List<Path> logDirectories, String topic, int partitions)
            throws IOException {
        var violations = new ArrayList<Violation>();
        for (var partition = 0; partition < partitions; partition++) {
            var folder = topic + "-" + partition;
            var first = content(logDirectories.getFirst().resolve(folder));
            for (var directory : logDirectories) {
                var other = content(directory.resolve(folder));
                var mismatch = Arrays.mismatch(first, other);
                if (mismatch >= 0) {
                    violations.add(
                            new Violation(
                                    Rule.REPLICAS_DIFFER,
                                    "%s: %s (%d bytes) and %s (%d bytes) differ from byte %d on"
                                            .formatted(
                                                    folder,
                                                    logDirectories.getFirst(),
                                                    first.length,
                                                    directory,
                                                    other.length,
                                                    mismatch)));
                }
            }
        }
        return violations;
    }

    private static byte[] content(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return new byte[0];
        }
        var content = new ByteArrayOutputStream();
        try (var files = Files.list(folder)) {
            // Names are base offsets with leading zeros.
            for (var file :
                    files.filter(path -> path.toString().endsWith(".log")).sorted().toList()) {
                content.write(Files.readAllBytes(file));
            }
        }
        return content.toByteArray();
    }
}
