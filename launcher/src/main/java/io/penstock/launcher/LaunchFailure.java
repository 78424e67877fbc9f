package io.penstock.launcher;

/** Something the person at the terminal must know: what is wrong, and what to do about it. */
public final class LaunchFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String advice;

    public LaunchFailure(String message, String advice) {
        super(message);
        this.advice = advice;
    }

    public LaunchFailure(String message, String advice, Throwable cause) {
        super(message, cause);
        this.advice = advice;
    }

    public String advice() {
        return advice;
    }
}
