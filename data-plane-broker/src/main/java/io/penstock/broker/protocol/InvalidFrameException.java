package io.penstock.broker.protocol;

/** A frame that is no request. Its sender cannot be answered; the connection is of no more use. */
public final class InvalidFrameException extends Exception {

    private static final long serialVersionUID = 1L;

    public InvalidFrameException(String reason) {
        // No stack trace: whoever sends garbage must not make this broker work for it.
        super(reason, null, false, false);
    }
}
