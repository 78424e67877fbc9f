package io.penstock.broker.replication;

/** What a leader's answer did to a follower. */
enum FollowOutcome {
    /** The log is as it was. */
    UNCHANGED,
    /** The log has another start, end or epoch: the leader is to hear of it. */
    CHANGED,
    /** The answer belongs to an epoch, or a position, that is not this replica's any more. */
    STALE,
    /** The answer could not be taken over. */
    FAILED,
    /** The disk did not take it: nothing that another answer could mend. */
    NOT_STORED
}
