package io.penstock.broker.handler;

import io.penstock.broker.protocol.FetchedRecords;

import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * An incremental fetch session (KIP-227): remembers what a client fetches and what it was told, so
 * that requests and responses carry only what is new. Requests of one session come one after the
 * other, but perhaps over different connections: synchronized.
 */
final class FetchSession {

    private static final int FIRST_EPOCH = 1;

    private final int id;
    private final boolean usesTopicIds;
    private final LinkedHashMap<FetchPartition.Key, Entry> partitions = new LinkedHashMap<>();
    private int epoch = FIRST_EPOCH;

    /** What is wanted of a partition, and what the client knows of it. */
    private record Entry(FetchPartition wanted, long highWatermark, long logStartOffset) {

        static Entry unknown(FetchPartition wanted) {
            return new Entry(wanted, -1, -1);
        }
    }

    FetchSession(int id, boolean usesTopicIds, Collection<FetchPartition> wanted) {
        this.id = id;
        this.usesTopicIds = usesTopicIds;
        wanted.forEach(each -> partitions.put(each.key(), Entry.unknown(each)));
    }

    int id() {
        return id;
    }

    /** What is wrong with a request of this epoch; if nothing, the session expects the next. */
    synchronized Errors advance(int requestEpoch, boolean requestUsesTopicIds) {
        if (requestUsesTopicIds != usesTopicIds) {
            return Errors.FETCH_SESSION_TOPIC_ID_ERROR;
        }
        if (requestEpoch != epoch) {
            return Errors.INVALID_FETCH_SESSION_EPOCH;
        }
        epoch = epoch == Integer.MAX_VALUE ? FIRST_EPOCH : epoch + 1;
        return Errors.NONE;
    }

    /** Takes over what a request adds, changes and forgets. */
    synchronized void update(
            Collection<FetchPartition> changed, Collection<FetchPartition.Key> forgotten) {
        for (FetchPartition each : changed) {
            partitions.merge(
                    each.key(),
                    Entry.unknown(each),
                    (old, fresh) ->
                            new Entry(fresh.wanted(), old.highWatermark(), old.logStartOffset()));
        }
        forgotten.forEach(partitions::remove);
    }

    synchronized boolean isEmpty() {
        return partitions.isEmpty();
    }

    synchronized List<FetchPartition> wanted() {
        return partitions.values().stream().map(Entry::wanted).toList();
    }

    /**
     * Leaves only what the client does not know yet, and remembers that it was told. Partitions
     * that gave records move to the end, so that none is starved by those before it.
     */
    synchronized List<FetchedPartition> whatIsNew(List<FetchedPartition> fetched) {
        List<FetchedPartition> fresh = new ArrayList<>();
        for (FetchedPartition each : fetched) {
            Entry known = partitions.get(each.wanted().key());
            if (known == null) {
                // Forgotten by another request meanwhile.
                FetchedRecords.release(each.data());
            } else if (isNews(known, each.data())) {
                fresh.add(each);
                remember(known, each.data());
            }
        }
        return fresh;
    }

    /** After a full response. */
    synchronized void told(List<FetchedPartition> fetched) {
        for (FetchedPartition each : fetched) {
            Entry known = partitions.get(each.wanted().key());
            if (known != null) {
                remember(known, each.data());
            }
        }
    }

    private static boolean isNews(Entry known, PartitionData data) {
        return FetchedRecords.sizeOf(data) > 0
                || data.errorCode() != Errors.NONE.code()
                || data.highWatermark() != known.highWatermark()
                || data.logStartOffset() != known.logStartOffset();
    }

    private void remember(Entry known, PartitionData data) {
        FetchPartition.Key key = known.wanted().key();
        // An error is told anew every time, and afterwards so is everything else.
        boolean failed = data.errorCode() != Errors.NONE.code();
        Entry now =
                new Entry(
                        known.wanted(),
                        failed ? -1 : data.highWatermark(),
                        failed ? -1 : data.logStartOffset());
        if (FetchedRecords.sizeOf(data) > 0) {
            partitions.remove(key);
        }
        partitions.put(key, now);
    }

    /** A partition of a response. */
    record FetchedPartition(FetchPartition wanted, PartitionData data) {}
}
