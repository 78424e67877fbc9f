package io.penstock.broker.metadata;

/** The newest image this broker has, and who wants to hear of the next one. */
public interface MetadataCache {

    /** Called in order, on the metadata thread; must not block for long. */
    interface Listener {
        void onImage(ClusterImage previous, ClusterImage next);
    }

    ClusterImage current();

    /** The listener is first told the current image, with {@link ClusterImage#EMPTY} before it. */
    void subscribe(Listener listener);
}
