package io.penstock.provisioner.pki;

/**
 * A private key with its certificate.
 *
 * @param privateKeyPem PKCS #8, not encrypted: a secret
 * @param certificatePem X.509
 */
public record PemIdentity(String privateKeyPem, String certificatePem) {
    /** Without the key, so that the identity may turn up in a log. */
    @Override
    public String toString() {
        return "PemIdentity[privateKeyPem=hidden, certificatePem=" + certificatePem + "]";
    }
}
