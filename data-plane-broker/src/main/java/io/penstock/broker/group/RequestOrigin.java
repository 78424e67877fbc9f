package io.penstock.broker.group;

import io.penstock.broker.network.RequestContext;

import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

import java.net.InetAddress;

/**
 * A request's context as the coordinator wants it. The coordinator keeps it beyond the request (it
 * resolves regular expressions later), hence a record.
 */
record RequestOrigin(RequestContext context) implements AuthorizableRequestContext {

    @Override
    public String listenerName() {
        return context.listener();
    }

    @Override
    public SecurityProtocol securityProtocol() {
        return context.securityProtocol();
    }

    @Override
    public KafkaPrincipal principal() {
        return context.principal();
    }

    @Override
    public InetAddress clientAddress() {
        return context.clientAddress();
    }

    @Override
    public int requestType() {
        return context.apiKey().id;
    }

    @Override
    public int requestVersion() {
        return context.apiVersion();
    }

    @Override
    public String clientId() {
        return context.clientId();
    }

    @Override
    public int correlationId() {
        return context.correlationId();
    }
}
