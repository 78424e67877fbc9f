package io.penstock.broker.group;

import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletionException;

/** The error code for a coordinator's future that failed. */
public final class CoordinatorFailure {

    private CoordinatorFailure() {}

    /**
     * Clients of a group know few codes: what says that the log cannot be written now becomes what
     * sends them to look for the coordinator again.
     */
    public static Errors errorOf(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        Errors error = Errors.forException(cause);
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION, NOT_ENOUGH_REPLICAS, REQUEST_TIMED_OUT ->
                    Errors.COORDINATOR_NOT_AVAILABLE;
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR -> Errors.NOT_COORDINATOR;
            case UNKNOWN_SERVER_ERROR ->
                    cause instanceof RetriableException
                            ? Errors.COORDINATOR_NOT_AVAILABLE
                            : Errors.UNKNOWN_SERVER_ERROR;
            default -> error;
        };
    }
}
