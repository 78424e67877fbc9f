package io.penstock.broker.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

/** Counters of requests, connections, and of what goes in and out of topics. For many threads. */
public final class TrafficMetrics {

    /** One listener's connections. */
    public static final class Listener {
        private final LongAdder opened = new LongAdder();
        private final LongAdder closed = new LongAdder();
        private final LongAdder refused = new LongAdder();
        private final LongAdder authenticationFailures = new LongAdder();
        private final LongAdder failedRequests = new LongAdder();

        public void opened() {
            opened.increment();
        }

        public void closed() {
            closed.increment();
        }

        public void refused() {
            refused.increment();
        }

        public void authenticationFailed() {
            authenticationFailures.increment();
        }

        public void requestFailed() {
            failedRequests.increment();
        }
    }

    /** The requests of one API. */
    public static final class Requests {
        private final LongAdder requestBytes = new LongAdder();
        private final LongAdder responseBytes = new LongAdder();
        private final LongAdder errors = new LongAdder();
        private final LatencyHistogram latency = new LatencyHistogram();
        private final RecentQuantiles recently = new RecentQuantiles(latency);

        public void completed(long bytesReceived, long bytesSent, long nanos) {
            requestBytes.add(bytesReceived);
            responseBytes.add(bytesSent);
            latency.record(nanos);
        }

        /** A response that carried an error code. */
        public void failed() {
            errors.increment();
        }

        long completed() {
            return LongStream.of(latency.counts()).sum();
        }

        double[] recentNanos(long nowNanos, double... quantiles) {
            return recently.at(nowNanos, quantiles);
        }
    }

    /** What goes in and out of one topic here. */
    public static final class Topic {
        private final LongAdder bytesIn = new LongAdder();
        private final LongAdder bytesOut = new LongAdder();
        private final LongAdder recordsIn = new LongAdder();

        public void received(long records, long bytes) {
            recordsIn.add(records);
            bytesIn.add(bytes);
        }

        public void sent(long bytes) {
            bytesOut.add(bytes);
        }

        long recordsIn() {
            return recordsIn.sum();
        }

        long bytesIn() {
            return bytesIn.sum();
        }

        long bytesOut() {
            return bytesOut.sum();
        }
    }

    private final Map<String, Listener> listeners = new ConcurrentHashMap<>();
    private final Map<String, Requests> requests = new ConcurrentHashMap<>();
    private final Map<String, Topic> topics = new ConcurrentHashMap<>();

    public Listener listener(String name) {
        return listeners.computeIfAbsent(name, absent -> new Listener());
    }

    public Requests request(String api) {
        return requests.computeIfAbsent(api, absent -> new Requests());
    }

    /** Only for topics that exist: a counter is kept for each. */
    public Topic topic(String name) {
        return topics.computeIfAbsent(name, absent -> new Topic());
    }

    public void writeTo(OpenMetrics target) {
        new TreeMap<>(listeners).forEach((name, listener) -> write(target, name, listener));
        new TreeMap<>(requests).forEach((api, counted) -> write(target, api, counted));
        new TreeMap<>(topics)
                .forEach(
                        (name, topic) -> {
                            target.counter(
                                    "penstock_topic_bytes_in",
                                    "Bytes of records received from producers.",
                                    topic.bytesIn.sum(),
                                    "topic",
                                    name);
                            target.counter(
                                    "penstock_topic_bytes_out",
                                    "Bytes of records sent to consumers.",
                                    topic.bytesOut.sum(),
                                    "topic",
                                    name);
                            target.counter(
                                    "penstock_topic_records_in",
                                    "Records received from producers.",
                                    topic.recordsIn.sum(),
                                    "topic",
                                    name);
                        });
    }

    /** The same in the words of Kafka's brokers with the JMX exporter's agent. */
    public void writeJmxNamesTo(OpenMetrics target, long nowNanos) {
        new JmxTraffic(target).write(new TreeMap<>(topics), new TreeMap<>(requests), nowNanos);
    }

    private static void write(OpenMetrics target, String name, Listener listener) {
        long closed = listener.closed.sum();
        target.gauge(
                "penstock_connections",
                "Open connections.",
                Math.max(0, listener.opened.sum() - closed),
                "listener",
                name);
        target.counter(
                "penstock_connections_opened",
                "Connections accepted.",
                listener.opened.sum(),
                "listener",
                name);
        target.counter(
                "penstock_connections_refused",
                "Connections refused because of a limit.",
                listener.refused.sum(),
                "listener",
                name);
        target.counter(
                "penstock_authentication_failures",
                "Connections that did not authenticate.",
                listener.authenticationFailures.sum(),
                "listener",
                name);
        target.counter(
                "penstock_broken_requests",
                "Requests that ended their connection.",
                listener.failedRequests.sum(),
                "listener",
                name);
    }

    private static void write(OpenMetrics target, String api, Requests counted) {
        target.counter(
                "penstock_request_errors",
                "Responses that carried an error.",
                counted.errors.sum(),
                "api",
                api);
        target.counter(
                "penstock_request_bytes",
                "Bytes of requests received.",
                counted.requestBytes.sum(),
                "api",
                api);
        target.counter(
                "penstock_response_bytes",
                "Bytes of responses sent.",
                counted.responseBytes.sum(),
                "api",
                api);
        counted.latency.writeTo(
                target,
                "penstock_request_seconds",
                "From the receipt of a request to its response.",
                "api",
                api);
    }
}
