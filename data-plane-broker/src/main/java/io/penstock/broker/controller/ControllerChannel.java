package io.penstock.broker.controller;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

import java.util.concurrent.CompletableFuture;

/**
 * The way to the active controller, wherever it runs: in this process or, by a forwarded request,
 * on another broker.
 */
public interface ControllerChannel {

    /**
     * Has the controller carry out an administrative request that the caller has authorized
     * (CreateTopics, DeleteTopics, IncrementalAlterConfigs, CreateAcls, AlterUserScramCredentials
     * ...). The future completes when this broker's own image shows the change, or with {@link
     * org.apache.kafka.common.errors.TimeoutException}.
     *
     * @param timeoutMillis longest time to wait, in milliseconds
     */
    CompletableFuture<ApiMessage> submit(
            ApiKeys apiKey, short version, ApiMessage request, long timeoutMillis);

    /** The first id of a block of producer ids that belongs to this broker alone. */
    CompletableFuture<ProducerIdBlock> nextProducerIdBlock();

    /** Producer ids first, first + 1, … first + size - 1. */
    record ProducerIdBlock(long first, int size) {}
}
