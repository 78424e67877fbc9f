package io.penstock.broker.log;

import java.util.ArrayList;
import java.util.List;

/** Puts neighbouring segments together that one segment can hold after they were cleaned. */
final class SegmentGroups {

    private SegmentGroups() {}

    /**
     * @param segments in their order
     * @param maxBytes most bytes of batches in a group
     * @param maxIndexBytes most bytes of each index in a group
     * @param endOffset the last segment ends before it
     */
    static List<List<LogSegment>> of(
            List<LogSegment> segments, int maxBytes, int maxIndexBytes, long endOffset) {
        List<List<LogSegment>> groups = new ArrayList<>();
        List<LogSegment> group = new ArrayList<>();
        long bytes = 0;
        long offsetIndexBytes = 0;
        long timeIndexBytes = 0;
        for (int i = 0; i < segments.size(); i++) {
            LogSegment segment = segments.get(i);
            long next = i + 1 < segments.size() ? segments.get(i + 1).baseOffset() : endOffset;
            boolean fits =
                    bytes + segment.size() <= maxBytes
                            && offsetIndexBytes + segment.offsetIndex().sizeInBytes()
                                    <= maxIndexBytes
                            && timeIndexBytes + segment.timeIndex().sizeInBytes() <= maxIndexBytes
                            && (group.isEmpty()
                                    || segment.size() == 0
                                    || next - 1 - group.getFirst().baseOffset()
                                            <= Integer.MAX_VALUE);
            if (!group.isEmpty() && !fits) {
                groups.add(group);
                group = new ArrayList<>();
                bytes = 0;
                offsetIndexBytes = 0;
                timeIndexBytes = 0;
            }
            group.add(segment);
            bytes += segment.size();
            offsetIndexBytes += segment.offsetIndex().sizeInBytes();
            timeIndexBytes += segment.timeIndex().sizeInBytes();
        }
        if (!group.isEmpty()) {
            groups.add(group);
        }
        return groups;
    }
}
