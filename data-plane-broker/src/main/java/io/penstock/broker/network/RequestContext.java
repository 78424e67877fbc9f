package io.penstock.broker.network;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

import java.net.InetAddress;

/** Who asks what, over which connection: everything about a request but its body. */
public record RequestContext(
        ApiKeys apiKey,
        short apiVersion,
        int correlationId,
        String clientId,
        String connectionId,
        String listener,
        SecurityProtocol securityProtocol,
        KafkaPrincipal principal,
        InetAddress clientAddress) {}
