package io.penstock.controlplane.api;

import jakarta.enterprise.context.RequestScoped;

/** What is known of a request before it is anyone's. */
@RequestScoped
public class RequestContext {
    private String requestId;

    public String requestId() {
        return requestId;
    }

    void identify(String id) {
        requestId = id;
    }
}
