package io.penstock.broker.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.util.Map;

/**
 * What a node says of itself.
 *
 * @param serving whether it does its work now
 * @param report the body of the answer, in this order
 */
record Health(boolean serving, Map<String, Object> report) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** States of a node's process. */
    enum State {
        STARTING,
        RUNNING,
        STOPPING
    }

    String json() {
        try {
            return JSON.writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a health report that is no JSON", e);
        }
    }
}
