package io.penstock.broker.controller;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.PreviousStop;
import io.penstock.broker.metadata.StopKind;

import org.apache.kafka.common.Uuid;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a log directory says of the processes that used it. A process is written down before it
 * registers, in front of those before it; these are dropped when metadata shows it. So whichever of
 * them the controller saw last, there is something to say of it, wherever a process was stopped.
 *
 * @param bootId of the kernel under which the last process ran
 * @param incarnation of that process, or {@link Uuid#ZERO_UUID} when not written down
 * @param brokerEpoch in which metadata showed it, or {@link BrokerRegistration#NO_EPOCH}
 * @param before processes before it that the controller may have seen last, the newest first
 */
public record LastRun(
        Optional<String> bootId, Uuid incarnation, long brokerEpoch, List<PreviousStop> before) {

    /** Of processes that nobody took note of: the newest of these and the oldest are kept. */
    private static final int MOST_BEFORE = 16;

    /** Of a process that is about to register. */
    public static LastRun begun(
            Optional<String> bootId, Uuid incarnation, List<PreviousStop> before) {
        List<PreviousStop> kept = new ArrayList<>(before);
        while (kept.size() > MOST_BEFORE) {
            kept.remove(kept.size() - 2);
        }
        return new LastRun(bootId, incarnation, BrokerRegistration.NO_EPOCH, List.copyOf(kept));
    }

    public LastRun shown(long epoch) {
        return new LastRun(bootId, incarnation, epoch, List.of());
    }

    /**
     * How the runs ended, the newest first, as the worst of the directories tells.
     *
     * @param directories what each says, if it says anything
     * @param cleanEpoch the broker epoch in the directories' markers of a clean stop, when each has
     *     one
     * @param bootId of the present kernel; empty where it tells none, and nothing is then trusted
     *     after a kill
     */
    public static List<PreviousStop> stops(
            List<Optional<LastRun>> directories, OptionalLong cleanEpoch, Optional<String> bootId) {
        List<PreviousStop> common =
                directories.stream()
                        .map(run -> run.map(r -> r.stops(cleanEpoch, bootId)).orElse(List.of()))
                        .reduce(LastRun::common)
                        .orElse(List.of());
        // A process that was stopped before it was registered has changed nothing of what the one
        // before it left, and knows of no epoch.
        if (cleanEpoch.isEmpty() || cleanEpoch.getAsLong() == BrokerRegistration.NO_EPOCH) {
            return common;
        }
        List<PreviousStop> stops = new ArrayList<>();
        stops.add(new PreviousStop(cleanEpoch.getAsLong(), Uuid.ZERO_UUID, StopKind.CLEAN));
        stops.addAll(common);
        return List.copyOf(stops);
    }

    /**
     * A marker of another epoch than the one that is written down does not say whose it is: the
     * file may be of a process before the one that stopped in order.
     */
    private List<PreviousStop> stops(OptionalLong cleanEpoch, Optional<String> present) {
        boolean clean =
                brokerEpoch != BrokerRegistration.NO_EPOCH
                        && cleanEpoch.equals(OptionalLong.of(brokerEpoch));
        boolean sameKernel = present.isPresent() && bootId.equals(present);
        StopKind end = clean ? StopKind.CLEAN : sameKernel ? StopKind.PROCESS : StopKind.MACHINE;
        List<PreviousStop> stops = new ArrayList<>();
        stops.add(new PreviousStop(brokerEpoch, incarnation, end));
        before.forEach(stop -> stops.add(stop.followedBy(end)));
        return stops;
    }

    /** What both directories tell of, and the worse that either tells. */
    private static List<PreviousStop> common(List<PreviousStop> one, List<PreviousStop> other) {
        List<PreviousStop> common = new ArrayList<>();
        for (PreviousStop stop : one) {
            other.stream()
                    .filter(stop::isOfTheSame)
                    .findFirst()
                    .ifPresent(same -> common.add(stop.followedBy(same.kind())));
        }
        return common;
    }
}
