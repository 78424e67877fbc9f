package io.penstock.broker.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;

/**
 * Whether a log can be used: until it is closed, and while the disk does what it is asked. How
 * appends went is told under the log's lock, the rest by anybody.
 */
final class LogAvailability {

    private static final Logger LOG = LoggerFactory.getLogger(LogAvailability.class);

    private final LogParameters parameters;
    private volatile boolean closed;
    private volatile boolean offline;
    private boolean appendsFail;

    LogAvailability(LogParameters parameters) {
        this.parameters = parameters;
    }

    boolean isUsable() {
        return !closed && !offline;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isOffline() {
        return offline;
    }

    /** Nothing is written any more; false if that was so before. */
    boolean close() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    void goOffline() {
        offline = true;
    }

    String whyNotWritten() {
        return closed ? "the log is closed" : "the log directory is offline";
    }

    void checkOnline() throws IOException {
        if (offline) {
            throw new IOException(parameters.topicPartition() + ": the log directory is offline");
        }
    }

    /** The failure, for the caller to throw on. */
    IOException reported(IOException failure) {
        if (!closed) {
            parameters
                    .failures()
                    .onFailure(parameters.topicPartition(), parameters.directory(), failure);
        }
        return failure;
    }

    /** What lies on the disk is unknown from now on. */
    void forceFailed(Exception failure) {
        LOG.error("{}: records were not forced to disk", parameters.topicPartition(), failure);
        if (!closed) {
            parameters
                    .failures()
                    .onForceFailure(parameters.topicPartition(), parameters.directory(), failure);
        }
    }

    void appendFailed(Exception failure) {
        // Once is enough: on a full disk every producer comes again and again.
        if (!appendsFail) {
            LOG.error("{}: appends fail", parameters.topicPartition(), failure);
        }
        appendsFail = true;
        parameters
                .failures()
                .onFailure(parameters.topicPartition(), parameters.directory(), failure);
    }

    void appendWorked() {
        appendsFail = false;
    }
}
