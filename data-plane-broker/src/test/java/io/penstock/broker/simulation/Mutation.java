package io.penstock.broker.simulation;

import io.penstock.broker.controller.ControllerFaults;
import io.penstock.broker.replication.ReplicationFaults;

import java.util.Optional;

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

    ANSWERS_OF_AN_OLD_EPOCH(
            "replication.LocalPartition", "follows", ReplicationFaults.AnswersOfAnOldEpoch.class),

    ACKNOWLEDGEMENT_BY_OFFSET(
            "replication.LocalPartition",
            "acknowledgement",
            ReplicationFaults.AcknowledgementByOffset.class),

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
            "replication.LeaderState", "mayJoin", ReplicationFaults.EveryFollowerMayJoin.class);

    private final Optional<Weaving> weaving;

    /** Which method of the code is changed, and how. */
    record Weaving(String className, String method, Class<?> advice) {
        static final String CONSTRUCTOR = "<init>";
    }

    /** Of a fault in what the simulation itself provides. */
    Mutation() {
        this.weaving = Optional.empty();
    }

    Mutation(String className, String method, Class<?> advice) {
        this.weaving = Optional.of(new Weaving("io.penstock.broker." + className, method, advice));
    }

    Optional<Weaving> weaving() {
        return weaving;
    }
}
