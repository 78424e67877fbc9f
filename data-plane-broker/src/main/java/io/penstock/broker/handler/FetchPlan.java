package io.penstock.broker.handler;

import org.apache.kafka.common.protocol.Errors;

import java.util.List;
import java.util.Optional;

/** What a fetch request comes to, with or without a session. */
sealed interface FetchPlan {

    /** The session that the request names is not to be used. */
    record Refused(Errors error) implements FetchPlan {}

    /**
     * @param wanted in the order in which they are served
     * @param session if the response belongs to one
     * @param incremental whether the response leaves out what the client knows
     */
    record Serve(List<FetchPartition> wanted, Optional<FetchSession> session, boolean incremental)
            implements FetchPlan {}
}
