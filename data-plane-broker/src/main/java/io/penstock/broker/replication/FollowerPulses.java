package io.penstock.broker.replication;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When this broker heard of each other one as a follower, of whatever partition. Of a partition
 * that was elected here just now its followers may not have heard yet, though they are in touch.
 */
final class FollowerPulses {

    private final Map<Integer, FollowerPulse> byBroker = new ConcurrentHashMap<>();

    FollowerPulse of(int brokerId, long nowNanos) {
        return byBroker.computeIfAbsent(brokerId, id -> new FollowerPulse(nowNanos));
    }
}
