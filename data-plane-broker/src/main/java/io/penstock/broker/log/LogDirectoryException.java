package io.penstock.broker.log;

/** The log directories cannot be used; the message is for the operator. */
public final class LogDirectoryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LogDirectoryException(String message) {
        super(message);
    }

    public LogDirectoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
