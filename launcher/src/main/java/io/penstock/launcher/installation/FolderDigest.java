package io.penstock.launcher.installation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** A short name for a folder's content: paths and bytes of its files, in a fixed order. */
public final class FolderDigest {
    private FolderDigest() {}

    public static String of(Path folder) {
        try (var files = Files.walk(folder)) {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                var line = folder.relativize(file) + " " + Files.size(file) + " " + checksum(file);
                digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String checksum(Path file) throws IOException {
        var checksum = new CRC32C();
        var buffer = new byte[1 << 16];
        try (var input = Files.newInputStream(file)) {
            for (var read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                checksum.update(buffer, 0, read);
            }
        }
        return Long.toHexString(checksum.getValue());
    }
}
