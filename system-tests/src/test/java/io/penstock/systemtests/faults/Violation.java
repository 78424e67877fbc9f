package io.penstock.systemtests.faults;

/**
 * A promise that was broken.
 *
 * @param evidence names producer, partition and offsets, for the search in the brokers' logs
 */
record Violation(Rule rule, String evidence) {

    enum Rule {
        /** An acknowledged record is not in the log. */
        LOST,
        /** An acknowledged record is in the log, but not at the offset that was acknowledged. */
        MISPLACED,
        /** An idempotent producer's record is in the log more than once. */
        TWICE,
        /** An idempotent producer's records are in a partition in another order than sent. */
        REORDERED,
        /** A record that nobody sent, or sent to another partition. */
        FOREIGN,
        /** A record was read that is not in the log in the end, or not with that content. */
        VANISHED,
        /** A reader of whole partitions was not given the record that follows the one before. */
        SKIPPED,
        /** A reader was told that its position does not exist. */
        POSITION_LOST,
        /** A partition's offsets have a hole, or its leader epochs go down. */
        BROKEN_LOG,
        /** The group's offset lies past the end of the log. */
        COMMIT_PAST_END,
        /** The group's offset is smaller than one whose commit was acknowledged. */
        COMMIT_LOST,
        /** Two replicas' files differ. */
        REPLICAS_DIFFER
    }

    @Override
    public String toString() {
        return rule + ": " + evidence;
    }
}
