package io.penstock.controlplane.installation;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts what the database must hold: AES-256-GCM under a key derived from the installation's. A
 * sealed value belongs to one place (table, column, row) and opens nowhere else.
 */
@ApplicationScoped
public class Vault {
    private static final byte FORMAT = 1;
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;

    private final InstallationKey installationKey;
    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    @Inject
    Vault(PenstockConfiguration configuration) {
        this(configuration.installationKey());
    }

    Vault(String installationKey) {
        this.installationKey = InstallationKey.parse(installationKey);
        this.key = new SecretKeySpec(this.installationKey.derive("vault"), "AES");
    }

    /**
     * @param place where the value will be stored, for example {@code cluster/ca_key/clu_…}
     */
    public byte[] seal(String place, String secret) {
        var nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        try {
            var encrypted =
                    cipher(Cipher.ENCRYPT_MODE, nonce, place).doFinal(secret.getBytes(UTF_8));
            return ByteBuffer.allocate(1 + NONCE_LENGTH + encrypted.length)
                    .put(FORMAT)
                    .put(nonce)
                    .put(encrypted)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot encrypt " + place, e);
        }
    }

    public String open(String place, byte[] sealed) {
        var buffer = ByteBuffer.wrap(sealed);
        if (sealed.length <= 1 + NONCE_LENGTH || buffer.get() != FORMAT) {
            throw new IllegalStateException("Not a sealed value: " + place);
        }
        var nonce = new byte[NONCE_LENGTH];
        buffer.get(nonce);
        var encrypted = new byte[buffer.remaining()];
        buffer.get(encrypted);
        try {
            return new String(cipher(Cipher.DECRYPT_MODE, nonce, place).doFinal(encrypted), UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "Cannot decrypt "
                            + place
                            + ": it was sealed with another key or for another row",
                    e);
        }
    }

    /** A secret that can be made again from its name, and not without the installation's key. */
    public String derive(String purpose) {
        return installationKey.deriveText(purpose);
    }

    private Cipher cipher(int mode, byte[] nonce, String place) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.getBytes(UTF_8));
        return cipher;
    }
}
