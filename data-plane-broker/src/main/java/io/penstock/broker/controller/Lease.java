package io.penstock.broker.controller;

/**
 * A broker's time-bound certainty that no other was elected in its place. While it is held, no
 * controller has counted this broker as dead, up to clock drift and pauses between the look and the
 * act. It bounds how long a leader may answer by itself; that an acknowledged acks=all record is
 * kept does not rest on it.
 */
@FunctionalInterface
public interface Lease {

    /** For a broker, or a test, that nobody replaces. */
    Lease ALWAYS = () -> true;

    /** To be asked after the act and just before its outcome is told. */
    boolean isHeld();
}
