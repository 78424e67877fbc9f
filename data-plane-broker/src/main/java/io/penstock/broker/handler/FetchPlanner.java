package io.penstock.broker.handler;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out what a fetch request wants, by KIP-227's rules on session id and epoch. */
final class FetchPlanner {

    static final int FIRST_WITH_TOPIC_IDS = 13;
    private static final int NO_SESSION = 0;
    private static final int INITIAL_EPOCH = 0;
    private static final int FINAL_EPOCH = -1;

    private final FetchSessions sessions;
    private final PartitionLookup lookup;

    FetchPlanner(FetchSessions sessions, PartitionLookup lookup) {
        this.sessions = sessions;
        this.lookup = lookup;
    }

    FetchPlan plan(short version, FetchRequestData request) {
        boolean full =
                request.sessionEpoch() == INITIAL_EPOCH || request.sessionEpoch() == FINAL_EPOCH;
        return full ? planFull(version, request) : planIncremental(version, request);
    }

    private FetchPlan planFull(short version, FetchRequestData request) {
        if (request.sessionId() != NO_SESSION) {
            sessions.remove(request.sessionId());
        }
        List<FetchPartition> wanted = wanted(version, request);
        Optional<FetchSession> session =
                request.sessionEpoch() == FINAL_EPOCH || wanted.isEmpty()
                        ? Optional.empty()
                        : sessions.create(version >= FIRST_WITH_TOPIC_IDS, wanted);
        return new FetchPlan.Serve(wanted, session, false);
    }

    private FetchPlan planIncremental(short version, FetchRequestData request) {
        Optional<FetchSession> found = sessions.use(request.sessionId());
        if (found.isEmpty()) {
            return new FetchPlan.Refused(Errors.FETCH_SESSION_ID_NOT_FOUND);
        }
        FetchSession session = found.get();
        Errors error = session.advance(request.sessionEpoch(), version >= FIRST_WITH_TOPIC_IDS);
        if (error != Errors.NONE) {
            return new FetchPlan.Refused(error);
        }
        session.update(wanted(version, request), forgotten(version, request));
        if (session.isEmpty()) {
            sessions.remove(session.id());
            return new FetchPlan.Serve(List.of(), Optional.empty(), false);
        }
        List<FetchPartition> named = session.wanted().stream().map(this::nameAgain).toList();
        return new FetchPlan.Serve(named, Optional.of(session), true);
    }

    /** A topic may have come into this broker's image, or left it, since it was asked for. */
    private FetchPartition nameAgain(FetchPartition wanted) {
        return wanted.topicId().equals(Uuid.ZERO_UUID)
                ? wanted
                : wanted.named(lookup.nameOf(wanted.topicId()).orElse(null));
    }

    private List<FetchPartition> wanted(short version, FetchRequestData request) {
        List<FetchPartition> wanted = new ArrayList<>();
        for (var topic : request.topics()) {
            boolean byId = version >= FIRST_WITH_TOPIC_IDS;
            Uuid id = byId ? topic.topicId() : Uuid.ZERO_UUID;
            String name = byId ? lookup.nameOf(id).orElse(null) : topic.topic();
            for (var partition : topic.partitions()) {
                wanted.add(
                        new FetchPartition(
                                id,
                                name,
                                partition.partition(),
                                partition.fetchOffset(),
                                partition.partitionMaxBytes(),
                                partition.currentLeaderEpoch()));
            }
        }
        return wanted;
    }

    private static List<FetchPartition.Key> forgotten(short version, FetchRequestData request) {
        List<FetchPartition.Key> forgotten = new ArrayList<>();
        for (var topic : request.forgottenTopicsData()) {
            boolean byId = version >= FIRST_WITH_TOPIC_IDS;
            for (int partition : topic.partitions()) {
                forgotten.add(
                        new FetchPartition.Key(
                                byId ? topic.topicId() : Uuid.ZERO_UUID,
                                byId ? null : topic.topic(),
                                partition));
            }
        }
        return forgotten;
    }
}
