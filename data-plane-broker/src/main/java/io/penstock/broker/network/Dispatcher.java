package io.penstock.broker.network;

import io.penstock.broker.protocol.SupportedApis;

import org.apache.kafka.common.protocol.ApiMessage;

import java.util.concurrent.CompletionStage;

/** Where requests of authenticated connections go. */
public interface Dispatcher {

    SupportedApis supportedApis();

    /**
     * Called on the connection's event loop, in the order in which requests came; must not block.
     * The request's byte buffers are views of a frame that is gone when this returns.
     *
     * @return the response; null inside the stage when none is to be sent. A stage that fails
     *     closes the connection
     */
    CompletionStage<? extends ApiMessage> dispatch(RequestContext context, ApiMessage request);
}
