package io.penstock.launcher.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Lines of real text: sources, documents and logs below some folders, each under its file's name.
 */
final class TextSource {
    private static final Set<String> KINDS =
            Set.of(
                    "java",
                    "md",
                    "xml",
                    "tf",
                    "ts",
                    "tsx",
                    "yaml",
                    "sql",
                    "sh",
                    "log",
                    "properties");
    private static final Set<String> SKIPPED =
            Set.of("target", "node_modules", "dist", ".git", "secrets");
    private static final long LARGEST_FILE = 4L << 20;
    private static final long LARGEST_TOTAL = 24L << 20;

    private TextSource() {}

    record Line(String key, String text) {}

    /** The files' lines in turns, so that neighbours have different keys. */
    static List<Line> read(List<Path> folders) throws IOException {
        var files = new ArrayList<List<Line>>();
        var total = 0L;
        for (var folder : folders) {
            for (var file : files(folder)) {
                var size = Files.size(file);
                if (size <= LARGEST_FILE && total + size <= LARGEST_TOTAL) {
                    total += size;
                    files.add(lines(folder, file));
                }
            }
        }
        var lines = new ArrayList<Line>();
        var longest = files.stream().mapToInt(List::size).max().orElse(0);
        for (var i = 0; i < longest; i++) {
            for (var file : files) {
                if (i < file.size()) {
                    lines.add(file.get(i));
                }
            }
        }
        return lines;
    }

    private static List<Line> lines(Path folder, Path file) throws IOException {
        var key = folder.relativize(file).toString();
        try {
            return Files.readAllLines(file).stream()
                    .filter(text -> !text.isBlank())
                    .map(text -> new Line(key, text))
                    .toList();
        } catch (MalformedInputException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        var found = new ArrayList<Path>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path visited, BasicFileAttributes attributes) {
                        var name = visited.getFileName().toString();
                        return !visited.equals(folder) && SKIPPED.contains(name)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        var name = file.getFileName().toString();
                        var kind = name.substring(name.lastIndexOf('.') + 1);
                        if (attributes.isRegularFile() && KINDS.contains(kind)) {
                            found.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure) {
                        return FileVisitResult.CONTINUE;
                    }
                });
        found.sort(Comparator.naturalOrder());
        return found;
    }
}
