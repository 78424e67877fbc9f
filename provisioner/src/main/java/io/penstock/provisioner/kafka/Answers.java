package io.penstock.provisioner.kafka;

import org.apache.kafka.common.KafkaFuture;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what a Kafka client promised, never longer than a limit. */
final class Answers {
    private Answers() {}

    /**
     * @throws ClusterUnavailableException when there is no answer in time, or an error
     */
    static <T> T await(KafkaFuture<T> future, Duration limit, String what)
            throws InterruptedException {
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new ClusterUnavailableException(
                    what + " failed: " + describe(e.getCause()), e.getCause());
        } catch (TimeoutException e) {
            throw new ClusterUnavailableException(what + " was not answered within " + limit, e);
        }
    }

    /** The answer, or nothing when the cluster said that there is no such thing. */
    static <T> Optional<T> awaitUnless(
            Class<? extends Exception> absent, KafkaFuture<T> future, Duration limit, String what)
            throws InterruptedException {
        try {
            return Optional.of(await(future, limit, what));
        } catch (ClusterUnavailableException e) {
            if (absent.isInstance(e.getCause())) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String describe(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
