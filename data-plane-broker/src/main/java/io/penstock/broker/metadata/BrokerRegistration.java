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
 * @param previousEpoch the epoch that its log directories were last used in, or {@link #NO_EPOCH}
 * @param stop how the process of that epoch stopped
 */
public record BrokerRegistration(
        int id,
        long epoch,
        Uuid incarnation,
        List<Endpoint> endpoints,
        Optional<String> rack,
        boolean fenced,
        long previousEpoch,
        StopKind stop) {

    public static final long NO_EPOCH = -1;

    /** Of a broker that stopped in order in an epoch that nobody remembers. */
    public BrokerRegistration(
            int id,
            long epoch,
            Uuid incarnation,
            List<Endpoint> endpoints,
            Optional<String> rack,
            boolean fenced) {
        this(id, epoch, incarnation, endpoints, rack, fenced, NO_EPOCH, StopKind.CLEAN);
    }

    /** The endpoint of the listener, if this broker has one of that name. */
    public Optional<Endpoint> endpoint(String listener) {
        return endpoints.stream().filter(e -> e.listener().equals(listener)).findFirst();
    }

    public BrokerRegistration withFenced() {
        return new BrokerRegistration(
                id, epoch, incarnation, endpoints, rack, true, previousEpoch, stop);
    }
}
