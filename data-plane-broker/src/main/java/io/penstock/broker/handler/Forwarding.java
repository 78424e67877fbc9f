package io.penstock.broker.handler;

import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What requests that go on to the controller have in common. */
final class Forwarding {

    /** For requests that name no timeout. */
    static final long DEFAULT_TIMEOUT_MILLIS = 30_000;

    private static final long SHORTEST_MILLIS = 1_000;

    private Forwarding() {}

    /** A client's timeout within sane bounds. */
    static long timeout(int requestedMillis) {
        return Math.clamp(requestedMillis, SHORTEST_MILLIS, DEFAULT_TIMEOUT_MILLIS);
    }

    /** The response, once either the controller's reply or its failure has gone into it. */
    static <R extends ApiMessage> CompletionStage<R> fill(
            R response,
            CompletionStage<ApiMessage> reply,
            Consumer<ApiMessage> answered,
            BiConsumer<Errors, String> failed) {
        return reply.handle(
                (message, failure) -> {
                    if (failure == null) {
                        answered.accept(message);
                    } else {
                        failed.accept(error(failure), message(failure));
                    }
                    return response;
                });
    }

    static Errors error(Throwable failure) {
        return Errors.forException(cause(failure));
    }

    static String message(Throwable failure) {
        String message = cause(failure).getMessage();
        return message == null ? error(failure).message() : message;
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }
}
