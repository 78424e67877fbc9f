package io.penstock.provisioner.pki;

/**
 * A certificate signing request that cannot be honoured; the message says why and may be shown to
 * its sender.
 */
public final class InvalidSigningRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidSigningRequestException(String message) {
        super(message);
    }

    public InvalidSigningRequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
