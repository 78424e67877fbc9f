package io.penstock.broker.log;

/**
 * What a compacted topic's configuration asks of the cleaner.
 *
 * @param minDirtyRatio share of uncleaned bytes above which a log is cleaned
 * @param minLagMillis age below which a record is not compacted away
 * @param maxLagMillis age above which a record is compacted however clean the log is
 * @param deleteRetentionMillis time for which tombstones and markers stay after their first
 *     cleaning
 */
public record CompactionSettings(
        double minDirtyRatio, long minLagMillis, long maxLagMillis, long deleteRetentionMillis) {}
