package io.penstock.broker.controller;

import java.io.IOException;
import java.util.Optional;

/**
 * A ZooKeeper session as it is kept, so that the next process can end it after this one was killed.
 * Whoever holds it can act as the session.
 */
public record KeptSession(String clusterId, int brokerId, long sessionId, byte[] password) {

    /** Where one session at a time outlives the process. */
    public interface Keeper {
        Optional<KeptSession> read() throws IOException;

        void write(KeptSession session) throws IOException;

        /** Harmless when nothing is kept. */
        void forget() throws IOException;
    }

    boolean belongsTo(String cluster, int broker, long ephemeralOwner) {
        return clusterId.equals(cluster) && brokerId == broker && sessionId == ephemeralOwner;
    }

    @Override
    public String toString() {
        return "KeptSession[brokerId=" + brokerId + "]";
    }
}
