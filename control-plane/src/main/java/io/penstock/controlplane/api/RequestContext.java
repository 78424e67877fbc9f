package io.penstock.controlplane.api;

import jakarta.enterprise.context.RequestScoped;

import java.util.UUID;

/** What is known of a request before it is anyone's; one that is refused early has an id too. */
@RequestScoped
public class RequestContext {
    private String requestId;

    public String requestId() {
        if (requestId == null) {
            requestId = UUID.randomUUID().toString();
        }
        return requestId;
    }

    void identify(String id) {
        requestId = id;
    }
}
