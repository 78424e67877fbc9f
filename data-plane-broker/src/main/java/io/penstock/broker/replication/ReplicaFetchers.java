package io.penstock.broker.replication;

import io.penstock.broker.metadata.ClusterImage;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The fetchers of this broker: for each leader as many as are configured. */
final class ReplicaFetchers implements Following {

    private final ReplicationSurroundings surroundings;
    private final Throttles throttles;
    private final int perLeader;
    private final Map<Place, ReplicaFetcher> fetchers = new ConcurrentHashMap<>();
    private final Map<FetcherSession.Key, Place> places = new ConcurrentHashMap<>();
    private ClusterImage image = ClusterImage.EMPTY;

    private record Place(int leader, int shard) {}

    ReplicaFetchers(ReplicationSurroundings surroundings, Throttles throttles) {
        this.surroundings = surroundings;
        this.throttles = throttles;
        this.perLeader = Math.max(1, surroundings.settings().fetchersPerLeader());
    }

    @Override
    public void onImage(ClusterImage next) {
        image = next;
        fetchers.forEach((place, fetcher) -> locate(place.leader(), fetcher));
    }

    private void locate(int leader, ReplicaFetcher fetcher) {
        fetcher.locate(Optional.ofNullable(image.brokers().get(leader)));
    }

    @Override
    public void follow(LocalPartition partition, int leader, int leaderEpoch) {
        FetcherSession.Key key = ReplicaFetcher.key(partition);
        Place place = new Place(leader, Math.floorMod(key.hashCode(), perLeader));
        Place before = places.put(key, place);
        if (before != null && !before.equals(place)) {
            fetchers.get(before).unfollow(partition);
        }
        fetchers.computeIfAbsent(place, this::fetcher).follow(partition, leaderEpoch);
    }

    private ReplicaFetcher fetcher(Place place) {
        ReplicaFetcher fetcher =
                new ReplicaFetcher(
                        place.leader(),
                        surroundings,
                        throttles,
                        surroundings
                                .fetcherLoops()
                                .create("fetcher-" + place.leader() + "-" + place.shard()));
        locate(place.leader(), fetcher);
        return fetcher;
    }

    @Override
    public void unfollow(LocalPartition partition) {
        Place before = places.remove(ReplicaFetcher.key(partition));
        if (before != null) {
            fetchers.get(before).unfollow(partition);
        }
    }

    @Override
    public long largestLag() {
        return fetchers.values().stream().mapToLong(ReplicaFetcher::largestLag).max().orElse(0);
    }

    @Override
    public void close() {
        fetchers.values().forEach(ReplicaFetcher::close);
    }
}
