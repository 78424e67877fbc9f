package io.penstock.controlplane.installation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The installation's 32 secret bytes; every use gets a key of its own, derived by HMAC. */
final class InstallationKey {
    private static final int LENGTH = 32;
    private final byte[] key;

    private InstallationKey(byte[] key) {
        this.key = key;
    }

    static InstallationKey parse(String base64) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("PENSTOCK_INSTALLATION_KEY is not base64", e);
        }
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException(
                    "PENSTOCK_INSTALLATION_KEY must be %d bytes in base64, not %d"
                            .formatted(LENGTH, bytes.length));
        }
        return new InstallationKey(bytes);
    }

    byte[] derive(String purpose) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has HmacSHA256", e);
        }
    }

    String deriveText(String purpose) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(derive(purpose));
    }
}
