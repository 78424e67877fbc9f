package io.penstock.broker.replication;

import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.protocol.FetchedRecords;
import io.penstock.broker.replication.FetcherSession.Key;
import io.penstock.broker.time.Scheduler;

import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Copies partitions from one leader: asks, takes over what is answered, and asks again. A partition
 * that fails pauses alone; a connection that breaks is opened anew after a pause.
 *
 * <p>Everything happens on the fetcher's scheduler. A request is under way nearly always, waiting
 * at the leader for news; a second one is sent while it waits when there is something new to tell,
 * and makes the leader answer the first.
 */
final class ReplicaFetcher {

    private static final Logger LOG = LoggerFactory.getLogger(ReplicaFetcher.class);
    private static final int MOST_DOUBLINGS = 16;

    private final int leader;
    private final ReplicationSurroundings surroundings;
    private final Throttles throttles;
    private final ReplicationSettings settings;
    private final FetcherLoop loop;
    private final Scheduler scheduler;
    private final Map<Key, FollowedReplica> replicas = new ConcurrentHashMap<>();

    private FetcherSession session = new FetcherSession();
    private Optional<BrokerRegistration> address = Optional.empty();
    private LeaderConnection connection;
    private long sessionBrokerEpoch;

    /** Answers to requests of an earlier tenure come too late. */
    private int tenure;

    private long requests;
    private int underWay;
    private long lastAnswerNanos;
    private boolean watching;
    private boolean pausing;
    private boolean sendingSoon;
    private int failures;
    private boolean closed;

    ReplicaFetcher(
            int leader,
            ReplicationSurroundings surroundings,
            Throttles throttles,
            FetcherLoop loop) {
        this.leader = leader;
        this.surroundings = surroundings;
        this.throttles = throttles;
        this.settings = surroundings.settings();
        this.loop = loop;
        this.scheduler = loop.scheduler();
    }

    /** Where the leader is, if it is registered. */
    void locate(Optional<BrokerRegistration> registration) {
        scheduler.execute(
                () -> {
                    if (!registration.equals(address)) {
                        boolean moved =
                                !registration
                                        .map(BrokerRegistration::epoch)
                                        .equals(address.map(BrokerRegistration::epoch));
                        address = registration;
                        if (moved) {
                            disconnect();
                            failures = 0;
                            sendSoon();
                        }
                    }
                });
    }

    void follow(LocalPartition partition, int leaderEpoch) {
        scheduler.execute(
                () -> {
                    Key key = key(partition);
                    FollowedReplica known = replicas.get(key);
                    if (known != null
                            && known.partition() == partition
                            && known.leaderEpoch() == leaderEpoch) {
                        return;
                    }
                    FollowedReplica replica = new FollowedReplica(partition, leaderEpoch);
                    replicas.put(key, replica);
                    want(key, replica);
                    sendSoon();
                });
    }

    void unfollow(LocalPartition partition) {
        scheduler.execute(
                () -> {
                    Key key = key(partition);
                    FollowedReplica known = replicas.get(key);
                    if (known != null && known.partition() == partition) {
                        replicas.remove(key);
                        session.forget(key);
                        sendSoon();
                    }
                });
    }

    void close() {
        scheduler.execute(
                () -> {
                    closed = true;
                    replicas.clear();
                    disconnect();
                });
    }

    /** Records that the followed partition furthest behind has yet to copy; any thread. */
    long largestLag() {
        long largest = 0;
        for (FollowedReplica replica : replicas.values()) {
            largest = Math.max(largest, replica.lag());
        }
        return largest;
    }

    static Key key(LocalPartition partition) {
        return new Key(partition.topicId(), partition.topicPartition().partition());
    }

    private void want(Key key, FollowedReplica replica) {
        Optional<FetchPosition> position =
                replica.partition().follower().position(replica.leaderEpoch());
        if (position.isEmpty()) {
            // The role has changed, and the news of it is on its way to this fetcher.
            session.forget(key);
            return;
        }
        long end = position.get().offset();
        if (replica.partition().durableEnd() < end) {
            awaitDisk(key, replica, end);
            return;
        }
        Duration throttled = throttles.beforeAsking(replica.partition());
        if (!throttled.isZero()) {
            pauseFor(throttled, key, replica);
            return;
        }
        replica.wants(end);
        session.want(
                key,
                new FetcherSession.Wanted(
                        replica.leaderEpoch(), position.get(), settings.fetchMaxBytes()));
    }

    /**
     * The offset of a fetch is the follower's word that it holds everything below. Where the topic
     * asks for records on disk, the partition is not asked for until they are there; the leader
     * gathers the next ones meanwhile, and other partitions are fetched as ever (I8).
     */
    private void awaitDisk(Key key, FollowedReplica replica, long end) {
        if (replica.partition().log().isOffline()) {
            pause(key, replica);
            return;
        }
        if (!replica.awaitsDisk()) {
            replica.awaitDisk(true);
            replica.partition()
                    .whenDurable(end, () -> scheduler.execute(() -> diskIsDone(key, replica)));
        }
    }

    private void diskIsDone(Key key, FollowedReplica replica) {
        replica.awaitDisk(false);
        if (replicas.get(key) == replica && !replica.isPausing()) {
            want(key, replica);
            sendSoon();
        }
    }

    private void sendSoon() {
        if (!sendingSoon) {
            sendingSoon = true;
            scheduler.execute(
                    () -> {
                        sendingSoon = false;
                        send();
                    });
        }
    }

    private void send() {
        if (closed || pausing) {
            return;
        }
        if (replicas.isEmpty()) {
            disconnect();
            return;
        }
        boolean allowed = underWay == 0 || (underWay == 1 && session.isOpen() && session.hasNews());
        Optional<Endpoint> endpoint =
                address.flatMap(a -> a.endpoint(surroundings.interBrokerListener()));
        long brokerEpoch = surroundings.brokerEpoch().getAsLong();
        boolean pointless = !session.isOpen() && !session.hasNews();
        if (!allowed || pointless || endpoint.isEmpty()) {
            return;
        }
        if (brokerEpoch < 0) {
            pause();
            return;
        }
        if (connection != null && brokerEpoch != sessionBrokerEpoch) {
            disconnect();
        }
        if (connection == null) {
            sessionBrokerEpoch = brokerEpoch;
            lastAnswerNanos = surroundings.clock().monotonicNanos();
            long leaderBrokerEpoch = address.orElseThrow().epoch();
            connection =
                    loop.connect(
                            endpoint.get(),
                            () -> surroundings.peerEnds().endedByPeer(leader, leaderBrokerEpoch));
        }
        fetch(brokerEpoch);
    }

    private void fetch(long brokerEpoch) {
        long number = ++requests;
        int sentIn = tenure;
        FetchRequestData request =
                session.next()
                        .setReplicaState(
                                new ReplicaState()
                                        .setReplicaId(surroundings.self())
                                        .setReplicaEpoch(brokerEpoch))
                        .setMaxWaitMs(Math.toIntExact(settings.fetchWait().toMillis()))
                        .setMinBytes(settings.fetchMinBytes())
                        .setMaxBytes(settings.responseMaxBytes());
        for (var topic : request.topics()) {
            for (var partition : topic.partitions()) {
                FollowedReplica replica =
                        replicas.get(new Key(topic.topicId(), partition.partition()));
                if (replica != null) {
                    replica.sent(number);
                }
            }
        }
        if (underWay++ == 0) {
            lastAnswerNanos = surroundings.clock().monotonicNanos();
        }
        watch();
        connection.fetch(
                request,
                new LeaderConnection.Answer() {
                    @Override
                    public void fetched(FetchResponseData response) {
                        if (sentIn == tenure) {
                            answered(number, response);
                        }
                    }

                    @Override
                    public void failed(Throwable cause) {
                        if (sentIn == tenure) {
                            lost(cause.toString());
                        }
                    }
                });
    }

    private void answered(long number, FetchResponseData response) {
        underWay--;
        lastAnswerNanos = surroundings.clock().monotonicNanos();
        Errors error = Errors.forCode(response.errorCode());
        if (error != Errors.NONE) {
            lost("the leader answers " + error);
            return;
        }
        failures = 0;
        session.opened(response.sessionId());
        for (var topic : response.responses()) {
            for (PartitionData data : topic.partitions()) {
                Key key = new Key(topic.topicId(), data.partitionIndex());
                FollowedReplica replica = replicas.get(key);
                if (replica != null && replica.isAnsweredBy(number)) {
                    takeOver(key, replica, data);
                }
            }
        }
        if (!session.isOpen()) {
            replicas.forEach(this::wantUnlessPausing);
        }
        send();
    }

    private void wantUnlessPausing(Key key, FollowedReplica replica) {
        if (!replica.isPausing()) {
            want(key, replica);
        }
    }

    private void takeOver(Key key, FollowedReplica replica, PartitionData data) {
        Errors error = Errors.forCode(data.errorCode());
        FollowOutcome outcome =
                switch (error) {
                    case NONE -> takeOver(replica, data);
                    case OFFSET_OUT_OF_RANGE ->
                            data.logStartOffset() < 0
                                    ? FollowOutcome.FAILED
                                    : replica.partition()
                                            .follower()
                                            .restartAt(
                                                    replica.leaderEpoch(),
                                                    replica.askedFrom(),
                                                    data.logStartOffset());
                    default -> FollowOutcome.FAILED;
                };
        switch (outcome) {
            case UNCHANGED -> replica.succeeded();
            case CHANGED, STALE -> {
                replica.succeeded();
                want(key, replica);
            }
            case FAILED -> {
                if (error != Errors.NONE) {
                    LOG.debug("{}: {}", replica.partition().topicPartition(), error);
                }
                pause(key, replica);
            }
            case NOT_STORED -> pauseFor(settings.longestBackoff(), key, replica);
        }
    }

    private FollowOutcome takeOver(FollowedReplica replica, PartitionData data) {
        if (data.divergingEpoch().epoch() >= 0) {
            return replica.partition()
                    .follower()
                    .cut(
                            replica.leaderEpoch(),
                            replica.askedFrom(),
                            data.divergingEpoch().epoch(),
                            data.divergingEpoch().endOffset());
        }
        ByteBuffer records = FetchedRecords.received(data);
        FollowOutcome outcome =
                replica.partition()
                        .follower()
                        .append(
                                replica.leaderEpoch(),
                                replica.askedFrom(),
                                records,
                                data.highWatermark(),
                                data.logStartOffset());
        throttles.received(replica.partition(), records.remaining());
        replica.behind(data.highWatermark() - replica.partition().logEndOffset());
        // After records, even if no batch was whole, the leader waits to be asked again.
        return outcome == FollowOutcome.UNCHANGED && records.hasRemaining()
                ? FollowOutcome.CHANGED
                : outcome;
    }

    /** The partition leaves the session for a while. */
    private void pause(Key key, FollowedReplica replica) {
        pauseFor(backoff(replica.failed()), key, replica);
    }

    private void pauseFor(Duration pause, Key key, FollowedReplica replica) {
        session.forget(key);
        replica.pauses();
        scheduler.schedule(
                pause,
                () -> {
                    if (replicas.get(key) == replica) {
                        replica.goesOn();
                        want(key, replica);
                        send();
                    }
                });
    }

    private Duration backoff(int count) {
        Duration next =
                ReplicationSettings.FIRST_BACKOFF.multipliedBy(
                        1L << Math.min(count - 1, MOST_DOUBLINGS));
        return next.compareTo(settings.longestBackoff()) < 0 ? next : settings.longestBackoff();
    }

    /** The connection, or its session, is of no use any more. */
    private void lost(String reason) {
        LOG.debug("broker {} no longer fetches from {}: {}", surroundings.self(), leader, reason);
        disconnect();
        pause();
    }

    private void pause() {
        pausing = true;
        failures++;
        scheduler.schedule(
                backoff(failures),
                () -> {
                    pausing = false;
                    send();
                });
    }

    private void disconnect() {
        tenure++;
        underWay = 0;
        session = new FetcherSession();
        if (connection != null) {
            LeaderConnection ended = connection;
            connection = null;
            ended.close();
        }
        replicas.forEach(this::wantUnlessPausing);
    }

    /** A leader that answers nothing, not even that there is nothing, is given up. */
    private void watch() {
        if (watching) {
            return;
        }
        watching = true;
        scheduler.schedule(
                settings.answerLimit(),
                () -> {
                    watching = false;
                    if (underWay == 0 || closed) {
                        return;
                    }
                    long silent = surroundings.clock().monotonicNanos() - lastAnswerNanos;
                    if (silent >= settings.answerLimit().toNanos()) {
                        lost("no answer within " + settings.answerLimit());
                    } else {
                        watch();
                    }
                });
    }
}
