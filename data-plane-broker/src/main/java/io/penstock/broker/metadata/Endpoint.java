package io.penstock.broker.metadata;

import org.apache.kafka.common.security.auth.SecurityProtocol;

/** Where one listener of a broker is reached, as advertised to clients. */
public record Endpoint(String listener, String host, int port, SecurityProtocol protocol) {}
