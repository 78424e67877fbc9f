package io.penstock.broker.handler;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A connection that ends cancels the answers it waits for; stages do not hand that on. */
final class Cancellation {

    private Cancellation() {}

    /** Answers {@code outer}; when it is cancelled, so is what it is made of. */
    static <T> CompletableFuture<T> reaching(CompletionStage<?> inner, CompletionStage<T> outer) {
        CompletableFuture<T> result = outer.toCompletableFuture();
        result.whenComplete(
                (value, failure) -> {
                    if (result.isCancelled()) {
                        inner.toCompletableFuture().cancel(false);
                    }
                });
        return result;
    }
}
