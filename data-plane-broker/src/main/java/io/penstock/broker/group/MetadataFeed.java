package io.penstock.broker.group;

import io.penstock.broker.metadata.ClusterImage;

import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Tells the coordinator of topics and brokers. It has a thread of its own because the coordinator
 * blocks its caller while the offsets of a deleted topic are removed from the log: neither the log
 * nor the metadata stream may wait for that. Images that come meanwhile are told as one change.
 */
final class MetadataFeed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MetadataFeed.class);

    private final GroupCoordinatorService service;
    private final AtomicReference<ClusterImage> newest = new AtomicReference<>(ClusterImage.EMPTY);
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("group-coordinator-metadata").factory());

    /** These two belong to the thread. */
    private ClusterImage told = ClusterImage.EMPTY;

    private MetadataImage image = MetadataImage.EMPTY;

    MetadataFeed(GroupCoordinatorService service) {
        this.service = service;
    }

    /**
     * Tells the first image, before which the coordinator answers nothing; on the caller's thread.
     */
    void start(ClusterImage first) {
        service.onMetadataUpdate(delta(), image);
        offer(first);
    }

    void offer(ClusterImage next) {
        newest.set(next);
        thread.execute(this::tell);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void tell() {
        ClusterImage next = newest.get();
        if (next == told) {
            return;
        }
        List<ApiMessage> records = MetadataTranslation.records(told, next);
        told = next;
        if (records.isEmpty()) {
            return;
        }
        MetadataDelta delta = delta();
        records.forEach(delta::replay);
        image =
                delta.apply(
                        new MetadataProvenance(
                                image.provenance().lastContainedOffset() + 1,
                                Math.max(0, next.position().controllerEpoch()),
                                System.currentTimeMillis(),
                                true));
        try {
            service.onMetadataUpdate(delta, image);
        } catch (RuntimeException e) {
            LOG.error("The group coordinator did not take a metadata update", e);
        }
    }

    private MetadataDelta delta() {
        return new MetadataDelta.Builder().setImage(image).build();
    }
}
