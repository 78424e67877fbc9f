package io.penstock.broker.controller;

import io.penstock.broker.metadata.BrokerRegistration;

/** {@code /brokers/fenced/<id>}: registrations up to this epoch count no more. */
final class FenceJson {

    private static final int VERSION = 1;

    private FenceJson() {}

    static byte[] none() {
        return encode(BrokerRegistration.NO_EPOCH);
    }

    static byte[] encode(long brokerEpoch) {
        return Json.bytes(Json.object(VERSION).put("broker_epoch", brokerEpoch));
    }

    static long decode(String path, byte[] data) {
        return Json.parse(path, data, VERSION).path("broker_epoch").asLong();
    }
}
