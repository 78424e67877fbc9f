package io.penstock.broker.app;

import java.util.concurrent.CompletableFuture;

/** What the management port serves. */
interface ManagementSource {

    /** Quick: called on an event loop. */
    Health health();

    /** OpenMetrics text. */
    CompletableFuture<String> metrics();
}
