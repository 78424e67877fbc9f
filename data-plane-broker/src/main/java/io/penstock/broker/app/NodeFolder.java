package io.penstock.broker.app;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The files of a node. All are readable by their owner only, and each is replaced as a whole. */
record NodeFolder(Path root) {

    Path description() {
        return root.resolve("node.json");
    }

    Path data() {
        return root.resolve("data");
    }

    Path identity() {
        return root.resolve("identity");
    }

    Path key() {
        return identity().resolve("key.pem");
    }

    Path certificate() {
        return identity().resolve("certificate.pem");
    }

    Path authority() {
        return identity().resolve("ca.pem");
    }

    /** Key and certificate in one file, as brokers and ZooKeeper read them. */
    Path keyStore() {
        return identity().resolve("keystore.pem");
    }

    Path properties() {
        return root.resolve("node.properties");
    }

    /** The properties are written last, so they tell that the enrolment is complete. */
    boolean isEnrolled() {
        return Files.exists(keyStore()) && Files.exists(properties());
    }

    void create() {
        createFolder(data());
        createFolder(identity());
    }

    /** Replaces {@code ${data}} and {@code ${identity}} in the values by this node's folders. */
    void writeProperties(Map<String, String> properties) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(properties)
                .forEach((name, value) -> appendLine(text, name, substituted(value)));
        write(properties(), text.toString());
    }

    Properties readProperties() {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(properties())));
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException("cannot read " + properties() + ": " + e);
        }
        return properties;
    }

    /** Writes the file with mode 600, so that after a crash it is there whole or not at all. */
    void write(Path file, String text) {
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        try {
            Files.deleteIfExists(unfinished);
            try (FileChannel channel =
                    FileChannel.open(
                            unfinished,
                            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")))) {
                var bytes = StandardCharsets.UTF_8.encode(text);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(
                    unfinished,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private String substituted(String value) {
        return value.replace("${data}", data().toString())
                .replace("${identity}", identity().toString());
    }

    /** Escapes as {@link Properties} reads it: backslashes, and what would end a name. */
    private static void appendLine(StringBuilder text, String name, String value) {
        text.append(escaped(name).replace("=", "\\=").replace(":", "\\:").replace(" ", "\\ "))
                .append('=')
                .append(value.startsWith(" ") ? "\\" : "")
                .append(escaped(value))
                .append('\n');
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
    }

    private static void createFolder(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + folder, e);
        }
    }
}
