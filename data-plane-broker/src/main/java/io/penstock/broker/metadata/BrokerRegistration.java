package io.penstock.broker.metadata;

import org.apache.kafka.common.Uuid;

import java.util.List;
import java.util.Optional;

/**
 * A broker as the controller sees it.
 *
 * @param epoch the czxid of its registration znode (KIP-380): grows with every registration
 * @param incarnation new with every start of the process
 * @param fenced whether it may not lead or be in sync
 */
public record BrokerRegistration(
        int id,
        long epoch,
        Uuid incarnation,
        List<Endpoint> endpoints,
        Optional<String> rack,
        boolean fenced) {

    /** The endpoint of the listener, if this broker has one of that name. */
    public Optional<Endpoint> endpoint(String listener) {
        return endpoints.stream().filter(e -> e.listener().equals(listener)).findFirst();
    }
}
