package io.penstock.broker.replication;

import net.bytebuddy.asm.Advice;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Faults of replication that were made before, by others or nearly by us, each as what would have
 * to change in the code to have it. Woven into a copy of the code under test, never into the code.
 */
public final class ReplicationFaults {

    private ReplicationFaults() {}

    /** The high watermark leaves out who may be committed as in sync at any moment. */
    public static final class WatermarkOfCommittedMembers {
        private WatermarkOfCommittedMembers() {}

        @Advice.OnMethodExit
        static void exit(
                @Advice.This LeaderState leader,
                @Advice.Argument(0) long logEnd,
                @Advice.Argument(1) long present,
                @Advice.FieldValue("followers") Map<Integer, FollowerReplica> followers,
                @Advice.Return(readOnly = false) long watermark) {
            if (leader.enoughInSync()) {
                long lowest = logEnd;
                for (FollowerReplica follower : followers.values()) {
                    if (leader.committedInSync().contains(follower.id())) {
                        lowest =
                                Math.min(lowest, follower.hasAsked() ? follower.logEnd() : present);
                    }
                }
                watermark = Math.max(present, lowest);
            }
        }
    }

    /** A shrink of the in-sync replicas counts before the controller has agreed. */
    public static final class ShrinkBeforeTheAnswer {
        private ShrinkBeforeTheAnswer() {}

        @Advice.OnMethodExit
        static void exit(
                @Advice.This InSyncReplicas before,
                @Advice.Argument(0) Collection<Integer> wanted,
                @Advice.Return(readOnly = false) InSyncReplicas after) {
            after =
                    new InSyncReplicas(
                            before.committed(),
                            before.eligible(),
                            before.partitionEpoch(),
                            List.copyOf(wanted),
                            true,
                            before.doubtful(),
                            before.notBeforeNanos());
        }
    }

    /** The high watermark moves with fewer in-sync replicas than the minimum (KIP-966). */
    public static final class WatermarkBelowTheMinimum {
        private WatermarkBelowTheMinimum() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) boolean enough) {
            enough = true;
        }
    }

    /** A replica takes over what it asked for, whatever it has become since. */
    public static final class AnswersOfAnOldEpoch {

        /** Follows everybody. */
        public static final IntPredicate FOLLOWS = epoch -> true;

        private AnswersOfAnOldEpoch() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 3, readOnly = false) IntPredicate follows) {
            follows = FOLLOWS;
        }
    }

    /** An acknowledgement looks at the offset only, whoever led when it was committed. */
    public static final class AcknowledgementByOffset {
        private AcknowledgementByOffset() {}

        @Advice.OnMethodExit
        static void exit(
                @Advice.This LocalPartition partition,
                @Advice.Argument(1) long offset,
                @Advice.Return(readOnly = false) Partition.Acknowledgement answer) {
            if (partition.highWatermark() >= offset) {
                answer = Partition.Acknowledgement.COMMITTED;
            }
        }
    }

    /** The leader does not look whether a follower's end is its own (KIP-279, KIP-320). */
    public static final class NoLookForDivergence {
        private NoLookForDivergence() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) Optional<ReadResult> wrong) {
            if (wrong.isPresent() && wrong.get() instanceof ReadResult.Diverging) {
                wrong = Optional.empty();
            }
        }
    }

    /** What a follower holds counts before it is on its disk. */
    public static final class ReportBeforeTheDisk {
        private ReportBeforeTheDisk() {}

        @Advice.OnMethodExit
        static void exit(
                @Advice.This LocalPartition partition, @Advice.Return(readOnly = false) long end) {
            end = partition.logEndOffset();
        }
    }

    /** A leader takes a follower for in sync that may be another process since. */
    public static final class EveryFollowerMayJoin {
        private EveryFollowerMayJoin() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) boolean mayJoin) {
            mayJoin = true;
        }
    }

    /** A check that never objects to anything. */
    public static final class Never {
        private Never() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) boolean answer) {
            answer = false;
        }
    }

    /** What is new is not taken over. */
    public static final class NothingNew {
        private NothingNew() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return true;
        }
    }

    /** A leader serves its followers without a look at the epoch that they follow in. */
    public static final class EpochOfTheFollower {
        private EpochOfTheFollower() {}

        @Advice.OnMethodEnter
        static void enter(
                @Advice.Argument(0) FollowerReport report,
                @Advice.Argument(value = 1, readOnly = false) int leaderEpoch) {
            leaderEpoch = report.leaderEpoch();
        }
    }
}
