package io.penstock.launcher.installation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;

/**
 * The installation's own secrets: each is made at random when first asked for, and kept in a file
 * of mode 600.
 */
public final class Secrets {
    /** Without characters that are mistaken for each other, because a person types it. */
    private static final String READABLE = "abcdefghijkmnpqrstuvwxyz23456789";

    private final SecureRandom random = new SecureRandom();
    private final Path folder;

    public Secrets(Path folder) {
        this.folder = folder;
    }

    public Path folder() {
        return folder;
    }

    /** 32 random bytes in base64, as the key of an encryption. */
    public String key(String name) {
        return get(name, () -> Base64.getEncoder().encodeToString(bytes(32)));
    }

    /** 32 random bytes in URL-safe base64: needs no quoting anywhere. */
    public String password(String name) {
        return get(name, () -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(32)));
    }

    /** 16 readable characters (80 bits). */
    public String readablePassword(String name) {
        return get(
                name,
                () -> {
                    var password = new StringBuilder();
                    for (var i = 0; i < 16; i++) {
                        password.append(i > 0 && i % 4 == 0 ? "-" : "")
                                .append(READABLE.charAt(random.nextInt(READABLE.length())));
                    }
                    return password.toString();
                });
    }

    public Path file(String name) {
        return folder.resolve(name);
    }

    private byte[] bytes(int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private String get(String name, Supplier<String> make) {
        try {
            if (!Files.exists(file(name))) {
                PrivateFiles.folder(folder);
                PrivateFiles.write(file(name), make.get());
            }
            return Files.readString(file(name)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
