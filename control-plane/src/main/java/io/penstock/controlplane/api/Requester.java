package io.penstock.controlplane.api;

/** Who sent the request. */
public interface Requester {
    String subject();

    String tenant();
}
