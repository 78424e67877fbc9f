package io.penstock.broker.replication;

/** Told that a broker's process ended a connection, by FIN or RST: it may be gone. */
@FunctionalInterface
public interface PeerEnds {

    PeerEnds IGNORED = (brokerId, brokerEpoch) -> {};

    /**
     * @param brokerEpoch of the registration under which the broker was called
     */
    void endedByPeer(int brokerId, long brokerEpoch);
}
