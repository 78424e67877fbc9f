package io.penstock.broker.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Names of the files in a partition's folder, and how small files are replaced safely. */
final class LogFiles {

    static final String LOG = ".log";
    static final String SNAPSHOT = ".snapshot";
    static final String DELETED = ".deleted";

    /** A segment that compaction writes: worth nothing before it is whole. */
    static final String CLEANED = ".cleaned";

    /** A whole cleaned segment, on disk for good, that takes the place of others. */
    static final String SWAP = ".swap";

    static final String LEADER_EPOCHS = "leader-epoch-checkpoint";
    static final String METADATA = "partition.metadata";

    private LogFiles() {}

    static Path segment(Path directory, long offset) {
        return named(directory, offset, LOG);
    }

    static Path offsetIndex(Path directory, long offset) {
        return named(directory, offset, ".index");
    }

    static Path timeIndex(Path directory, long offset) {
        return named(directory, offset, ".timeindex");
    }

    static Path abortedIndex(Path directory, long offset) {
        return named(directory, offset, ".txnindex");
    }

    static Path snapshot(Path directory, long offset) {
        return named(directory, offset, SNAPSHOT);
    }

    static Path deleted(Path file) {
        return suffixed(file, DELETED);
    }

    static Path suffixed(Path file, String suffix) {
        return suffix.isEmpty() ? file : file.resolveSibling(file.getFileName() + suffix);
    }

    static List<Path> filesOf(Path directory, long offset) {
        return List.of(
                segment(directory, offset),
                offsetIndex(directory, offset),
                timeIndex(directory, offset),
                abortedIndex(directory, offset));
    }

    /** The offsets of the files with the suffix, ascending. */
    static List<Long> offsetsOf(Path directory, String suffix) throws IOException {
        List<Long> offsets = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(suffix) && name.length() == 20 + suffix.length()) {
                    String digits = name.substring(0, 20);
                    if (digits.chars().allMatch(Character::isDigit)) {
                        offsets.add(Long.parseLong(digits));
                    }
                }
            }
        }
        offsets.sort(null);
        return offsets;
    }

    /** Replaces a file by one with other content; a crash leaves the old or the new one. */
    static void replace(Path file, byte[] content, boolean durable) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel =
                FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (durable) {
                channel.force(true);
            }
        }
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        if (durable) {
            forceDirectory(file.toAbsolutePath().getParent());
        }
    }

    static void replace(Path file, String content, boolean durable) throws IOException {
        replace(file, content.getBytes(StandardCharsets.UTF_8), durable);
    }

    /** Makes creations and renames in the directory survive a loss of power. */
    static void forceDirectory(Path directory) throws IOException {
        force(directory);
    }

    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static void deleteRecursively(Path directory) throws IOException {
        try {
            Files.walkFileTree(
                    directory,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.deleteIfExists(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path folder, IOException failure)
                                throws IOException {
                            if (failure != null) {
                                throw failure;
                            }
                            Files.deleteIfExists(folder);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (NoSuchFileException alreadyGone) {
            return;
        }
    }

    private static Path named(Path directory, long offset, String suffix) {
        // Not String.format: it is slow, and this is called for every file of every partition.
        String digits = Long.toString(offset);
        return directory.resolve("0".repeat(20 - digits.length()) + digits + suffix);
    }
}
