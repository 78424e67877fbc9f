package io.penstock.broker.log;

import java.util.List;

/** Decides which of the oldest segments may go. */
final class Retention {

    private Retention() {}

    /**
     * The number of segments at the front that may be deleted; all of them only if the newest one
     * is not empty.
     *
     * @param highWatermark segments that reach past it stay
     * @param logStartOffset segments before it go under any policy
     */
    static int deletable(
            List<LogSegment> segments,
            LogSettings settings,
            long nowMillis,
            long highWatermark,
            long endOffset,
            long logStartOffset) {
        long excess = 0;
        if (settings.deleteByRetention() && settings.retentionBytes() >= 0) {
            long total = segments.stream().mapToLong(LogSegment::size).sum();
            excess = total - settings.retentionBytes();
        }
        int count = 0;
        for (LogSegment segment : segments) {
            boolean last = count == segments.size() - 1;
            long next = last ? endOffset : segments.get(count + 1).baseOffset();
            if (next > highWatermark || (last && segment.size() == 0)) {
                break;
            }
            boolean beforeStart = !last && next <= logStartOffset;
            boolean expired =
                    settings.deleteByRetention()
                            && settings.retentionMillis() >= 0
                            && nowMillis - segment.retentionTimestamp()
                                    > settings.retentionMillis();
            boolean inExcess = excess >= segment.size() && excess > 0;
            if (!beforeStart && !expired && !inExcess) {
                break;
            }
            excess -= segment.size();
            count++;
        }
        return count;
    }
}
