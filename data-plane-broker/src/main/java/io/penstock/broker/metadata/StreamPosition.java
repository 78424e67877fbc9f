package io.penstock.broker.metadata;

/**
 * A position in the metadata stream: the controller's epoch, then the sequence number within it.
 */
public record StreamPosition(int controllerEpoch, long sequence)
        implements Comparable<StreamPosition> {

    public static final StreamPosition NONE = new StreamPosition(-1, -1);

    @Override
    public int compareTo(StreamPosition other) {
        int byEpoch = Integer.compare(controllerEpoch, other.controllerEpoch);
        return byEpoch != 0 ? byEpoch : Long.compare(sequence, other.sequence);
    }
}
