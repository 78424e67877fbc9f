package io.penstock.broker.metadata;

/** The newest image this broker has, and who wants to hear of the next one. */
public interface MetadataCache {

    /** Called in order, on the metadata thread; must not block for long. */
    interface Listener {
        void onImage(ClusterImage previous, ClusterImage next);
    }

    ClusterImage current();

    /**
     * The newest image that all listeners were told. This is what clients may see: told sooner,
     * they would send records to a leader that does not know it leads. A request refused for that
     * among others that are not leaves a gap in the sequence of an idempotent producer.
     */
    default ClusterImage applied() {
        return current();
    }

    /** The listener is first told the current image, with {@link ClusterImage#EMPTY} before it. */
    void subscribe(Listener listener);
}
