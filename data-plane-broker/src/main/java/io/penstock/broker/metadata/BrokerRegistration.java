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
 * @param stops what became of the processes before, the newest first: at least of all that the
 *     controller may have seen last. Only the controller decides by them; the metadata stream
 *     carries the newest alone
 */
public record BrokerRegistration(
        int id,
        long epoch,
        Uuid incarnation,
        List<Endpoint> endpoints,
        Optional<String> rack,
        boolean fenced,
        List<PreviousStop> stops) {

    public static final long NO_EPOCH = -1;

    /** Of a broker that stopped in order in an epoch that nobody remembers. */
    public BrokerRegistration(
            int id,
            long epoch,
            Uuid incarnation,
            List<Endpoint> endpoints,
            Optional<String> rack,
            boolean fenced) {
        this(
                id,
                epoch,
                incarnation,
                endpoints,
                rack,
                fenced,
                List.of(new PreviousStop(NO_EPOCH, Uuid.ZERO_UUID, StopKind.CLEAN)));
    }

    /** How the process just before this one stopped. */
    public PreviousStop lastStop() {
        return stops.isEmpty() ? PreviousStop.UNKNOWN : stops.getFirst();
    }

    /** The worst that happened since the process that had the other registration stopped. */
    public Optional<StopKind> worstSince(BrokerRegistration earlier) {
        return stops.stream()
                .filter(stop -> stop.isOf(earlier))
                .findFirst()
                .map(PreviousStop::kind);
    }

    /** The endpoint of the listener, if this broker has one of that name. */
    public Optional<Endpoint> endpoint(String listener) {
        return endpoints.stream().filter(e -> e.listener().equals(listener)).findFirst();
    }

    public BrokerRegistration withFenced() {
        return new BrokerRegistration(id, epoch, incarnation, endpoints, rack, true, stops);
    }
}
