package io.penstock.broker.security;

import io.penstock.broker.metadata.MetadataCache;

import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Looks up what a user's proof is checked against. An unknown user gets a credential that no
 * password fits, with a salt that stays the same for the life of this process, so that nobody can
 * learn which users exist by how an attempt fails.
 */
final class ScramCredentials {

    private static final String SALT_ALGORITHM = "HmacSHA512";

    private final MetadataCache metadata;
    private final SecureRandom random = new SecureRandom();
    private final byte[] saltSecret = new byte[64];

    ScramCredentials(MetadataCache metadata) {
        this.metadata = metadata;
        random.nextBytes(saltSecret);
    }

    ScramCredential find(String user, ScramMechanism mechanism) {
        Map<String, Map<String, ScramCredential>> scram = metadata.current().scram();
        ScramCredential credential =
                scram.getOrDefault(user, Map.of()).get(mechanism.mechanismName());
        return credential != null ? credential : decoy(user, mechanism, scram);
    }

    private ScramCredential decoy(
            String user,
            ScramMechanism mechanism,
            Map<String, Map<String, ScramCredential>> scram) {
        ScramCredential model = null;
        for (Map<String, ScramCredential> other : scram.values()) {
            model = other.get(mechanism.mechanismName());
            if (model != null) {
                break;
            }
        }
        int saltLength = model == null ? 20 : model.salt().length;
        int iterations = model == null ? mechanism.minIterations() : model.iterations();
        byte[] storedKey = new byte[mechanism == ScramMechanism.SCRAM_SHA_512 ? 64 : 32];
        byte[] serverKey = new byte[storedKey.length];
        random.nextBytes(storedKey);
        random.nextBytes(serverKey);
        return new ScramCredential(
                Arrays.copyOf(saltOf(user), saltLength), storedKey, serverKey, iterations);
    }

    private byte[] saltOf(String user) {
        try {
            Mac mac = Mac.getInstance(SALT_ALGORITHM);
            mac.init(new SecretKeySpec(saltSecret, SALT_ALGORITHM));
            return mac.doFinal(user.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(SALT_ALGORITHM + " is part of every JDK", e);
        }
    }
}
