package io.penstock.broker.log;

/**
 * An offset and where its batch lies, or would lie if it is the log's end.
 *
 * @param segmentBaseOffset names the segment
 * @param position in that segment's file
 */
public record LogPosition(long offset, long segmentBaseOffset, int position) {}
