package io.penstock.broker.metadata;

import org.apache.kafka.common.Uuid;

/**
 * What a broker's log directories tell of an earlier process of it: whether what that one left is
 * still there.
 *
 * @param brokerEpoch of its last registration, or {@link BrokerRegistration#NO_EPOCH} when that is
 *     not written down
 * @param incarnation of that process, or {@link Uuid#ZERO_UUID} when that is not written down
 * @param kind the worst way in which it or a process after it stopped
 */
public record PreviousStop(long brokerEpoch, Uuid incarnation, StopKind kind) {

    /** Of a broker without a past. */
    public static final PreviousStop UNKNOWN =
            new PreviousStop(BrokerRegistration.NO_EPOCH, Uuid.ZERO_UUID, StopKind.MACHINE);

    public boolean isOf(BrokerRegistration registration) {
        return isOf(registration.epoch(), registration.incarnation());
    }

    /** Whether both tell of one process. */
    public boolean isOfTheSame(PreviousStop other) {
        return isOf(other.brokerEpoch, other.incarnation);
    }

    private boolean isOf(long epoch, Uuid process) {
        return brokerEpoch != BrokerRegistration.NO_EPOCH && brokerEpoch == epoch
                || !incarnation.equals(Uuid.ZERO_UUID) && incarnation.equals(process);
    }

    /** After another process stopped in this way. */
    public PreviousStop followedBy(StopKind next) {
        return new PreviousStop(brokerEpoch, incarnation, kind.worst(next));
    }
}
