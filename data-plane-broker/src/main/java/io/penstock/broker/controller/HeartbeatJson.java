package io.penstock.broker.controller;

/** {@code /heartbeats/<id>}: for operators to look at; what counts is that it could be written. */
final class HeartbeatJson {

    private static final int VERSION = 1;

    private HeartbeatJson() {}

    static byte[] encode(long brokerEpoch, long timestampMillis) {
        return Json.bytes(
                Json.object(VERSION)
                        .put("broker_epoch", brokerEpoch)
                        .put("timestamp", timestampMillis));
    }
}
