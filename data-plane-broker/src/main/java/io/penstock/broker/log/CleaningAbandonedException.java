package io.penstock.broker.log;

/** A cleaning ended early, and left the log as it was or partly cleaned; it begins anew later. */
final class CleaningAbandonedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CleaningAbandonedException(String why) {
        super(why);
    }
}
