package io.penstock.broker.app;

import io.penstock.broker.metrics.TrafficMetrics;
import io.penstock.broker.network.NetworkObserver;

import org.apache.kafka.common.protocol.ApiKeys;

/** Counts what happens on the wire. */
final class TrafficObserver implements NetworkObserver {

    private final TrafficMetrics metrics;

    TrafficObserver(TrafficMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void connectionOpened(String listener) {
        metrics.listener(listener).opened();
    }

    @Override
    public void connectionClosed(String listener) {
        metrics.listener(listener).closed();
    }

    @Override
    public void connectionRefused(String listener) {
        metrics.listener(listener).refused();
    }

    @Override
    public void authenticationFailed(String listener) {
        metrics.listener(listener).authenticationFailed();
    }

    @Override
    public void requestFailed(String listener) {
        metrics.listener(listener).requestFailed();
    }

    @Override
    public void requestCompleted(ApiKeys api, int requestBytes, long responseBytes, long nanos) {
        metrics.request(api.name).completed(requestBytes, responseBytes, nanos);
    }
}
