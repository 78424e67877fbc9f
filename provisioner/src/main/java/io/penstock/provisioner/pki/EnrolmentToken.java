package io.penstock.provisioner.pki;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What a node proves itself with, once: 32 random bytes in URL-safe base64. Only its hash is to be
 * stored.
 *
 * @param value the secret
 */
public record EnrolmentToken(String value) {
    private static final SecureRandom RANDOM = new SecureRandom();

    public static EnrolmentToken generate() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return new EnrolmentToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** SHA-256; a token has 256 bits of randomness, so neither salt nor stretching is needed. */
    public byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(value.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Whether this token has that hash, in a time that does not depend on where they differ. */
    public boolean matches(byte[] storedHash) {
        return MessageDigest.isEqual(hash(), storedHash);
    }

    /** Hidden, so that the token cannot turn up in a log. */
    @Override
    public String toString() {
        return "EnrolmentToken[hidden]";
    }
}
