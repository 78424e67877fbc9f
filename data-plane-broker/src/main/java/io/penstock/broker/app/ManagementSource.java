package io.penstock.broker.app;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What the management port serves. */
interface ManagementSource {

    /** Quick: called on an event loop. */
    Health health();

    /** OpenMetrics text. */
    CompletableFuture<String> metrics();

    /** The same under the names that boards made for Kafka look for, where there are such. */
    default Optional<CompletableFuture<String>> compatibleMetrics() {
        return Optional.empty();
    }
}
