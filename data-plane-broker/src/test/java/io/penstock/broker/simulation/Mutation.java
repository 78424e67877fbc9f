package io.penstock.broker.simulation;

import io.penstock.broker.controller.ControllerFaults;
import io.penstock.broker.replication.ReplicationFaults;

import java.util.EnumSet;
import java.util.List;

/** A fault that is put back into a copy of the code, to see that the simulation finds it. */
enum Mutation {
    NONE,

    /** KAFKA-6082: a controller that was replaced goes on writing. */
    NO_CONTROLLER_EPOCH_CHECK,

    /** KIP-101: a follower cuts its log at its high watermark, which lags behind. */
    TRUNCATE_TO_HIGH_WATERMARK,

    /** A machine that stopped is taken for a process that did. */
    PAGE_CACHE_TRUSTED,

    /** KIP-903, KIP-966: who may have lost records stays in sync and eligible. */
    LOST_REPLICA_TRUSTED("controller.PartitionStep", "isTrusted", ControllerFaults.Always.class),

    /** KIP-966: who left the in-sync replicas below the minimum is forgotten. */
    ELIGIBLE_LEADERS_FORGOTTEN(
            "controller.PartitionStep", "eligible", ControllerFaults.Nobody.class),

    /** A leader's next process leads on in the epoch of the one before. */
    RESTARTED_LEADER_KEEPS_EPOCH(
            "controller.PartitionStep", "leaderUnseated", ControllerFaults.Skipped.class),

    /** KAFKA-14139, KIP-903: a replica is let in by what an earlier process of it had. */
    STALE_REPLICA_IN_SYNC(
            "controller.InSyncDecisions", "isEligible", ControllerFaults.Always.class),

    WATERMARK_OF_COMMITTED_MEMBERS(
            "replication.LeaderState",
            "highWatermark",
            ReplicationFaults.WatermarkOfCommittedMembers.class),

    SHRINK_BEFORE_THE_ANSWER(
            "replication.InSyncReplicas", "propose", ReplicationFaults.ShrinkBeforeTheAnswer.class),

    WATERMARK_BELOW_THE_MINIMUM(
            "replication.LeaderState",
            "enoughInSync",
            ReplicationFaults.WatermarkBelowTheMinimum.class),

    /** An answer is taken over by who follows another leader since, or leads. */
    ANSWERS_OF_AN_OLD_EPOCH(
            "replication.FollowerPart",
            Weaving.CONSTRUCTOR,
            ReplicationFaults.AnswersOfAnOldEpoch.class),

    /** And who waits at a leader that resigns is not told so, which alone would be enough. */
    ACKNOWLEDGEMENT_BY_OFFSET(
            weaving(
                    "replication.LocalPartition",
                    "acknowledgement",
                    ReplicationFaults.AcknowledgementByOffset.class),
            weaving("replication.PartitionWaiters", "wakeAll", ReplicationFaults.NothingNew.class)),

    /** KIP-279, KIP-320. */
    NO_LOOK_FOR_DIVERGENCE(
            "replication.PartitionReader",
            "compareFollower",
            ReplicationFaults.NoLookForDivergence.class),

    /** A follower reports what a loss of power may take, though its topic asks for the disk. */
    REPORT_BEFORE_THE_DISK(
            "replication.LocalPartition",
            "durableEnd",
            ReplicationFaults.ReportBeforeTheDisk.class),

    /** A follower that is behind is proposed as in sync. */
    EVERY_FOLLOWER_MAY_JOIN(
            "replication.LeaderState", "mayJoin", ReplicationFaults.EveryFollowerMayJoin.class),

    /** KIP-380: a broker's process takes over what was decided about the one before it. */
    IMAGE_OF_AN_EARLIER_PROCESS(
            "replication.LocalPartitions", "isOfAnEarlierProcess", ReplicationFaults.Never.class),

    /** KAFKA-2729: a leader goes on from a state that is not the newest, for ever. */
    NEWER_STATE_IGNORED("replication.LeaderState", "update", ReplicationFaults.NothingNew.class),

    /** KAFKA-15221: what a process reported that was replaced counts for the next one. */
    REPORT_OF_AN_EARLIER_PROCESS(
            "replication.FollowerReplica", "isStale", ReplicationFaults.Never.class),

    /** KAFKA-7395, KIP-320. */
    FOLLOWER_OF_ANOTHER_EPOCH(
            "replication.PartitionReader",
            "compareFollower",
            ReplicationFaults.EpochOfTheFollower.class),

    /** KAFKA-2729 seen by the controller: the partition epoch of a proposal is not compared. */
    PROPOSAL_ABOUT_AN_OLDER_STATE(
            "controller.InSyncDecisions", "refusal", ControllerFaults.AboutAnyState.class),

    /** KAFKA-4229, KAFKA-4360: a controller that was replaced is not told so. */
    NEVER_RESIGNS("controller.ControllerElection", "resign", ControllerFaults.LeftOut.class),

    /** KAFKA-6584, KAFKA-7165: nobody registers anew when a session has expired. */
    NEW_SESSION_UNNOTICED(
            "simulation.MemoryZooKeeperClient", "addListener", ControllerFaults.LeftOut.class);

    private final List<Weaving> weavings;

    /** Which method of the code is changed, and how. */
    record Weaving(String className, String method, Class<?> advice) {
        static final String CONSTRUCTOR = "<init>";
    }

    /** Of none, a fault is in what the simulation itself provides. */
    Mutation(Weaving... weavings) {
        this.weavings = List.of(weavings);
    }

    Mutation(String className, String method, Class<?> advice) {
        this(weaving(className, method, advice));
    }

    private static Weaving weaving(String className, String method, Class<?> advice) {
        return new Weaving("io.penstock.broker." + className, method, advice);
    }

    /** Whether the code has another guard, which keeps the lives whole without this one. */
    boolean isGuardedTwice() {
        return EnumSet.of(
                        REPORT_OF_AN_EARLIER_PROCESS,
                        FOLLOWER_OF_ANOTHER_EPOCH,
                        PROPOSAL_ABOUT_AN_OLDER_STATE,
                        NEVER_RESIGNS)
                .contains(this);
    }

    /** What is changed in the class. */
    List<Weaving> weavingsOf(String className) {
        return weavings.stream().filter(w -> w.className().equals(className)).toList();
    }
}
