package io.penstock.broker.metrics;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** What goes in and out, under the names that Kafka's beans have in the JMX exporter's text. */
final class JmxTraffic {

    private static final double[] QUANTILES = {0.5, 0.75, 0.95, 0.98, 0.99, 0.999};
    private static final String TOTAL_TIME = "kafka_network_requestmetrics_totaltimems";
    private static final String TOTAL_TIME_HELP =
            "Milliseconds from the receipt of a request to its response, lately.";

    private final OpenMetrics target;

    JmxTraffic(OpenMetrics target) {
        this.target = target;
    }

    void write(
            Map<String, TrafficMetrics.Topic> topics,
            Map<String, TrafficMetrics.Requests> requests,
            long nowNanos) {
        perTopic("messagesin", "Records", topics, TrafficMetrics.Topic::recordsIn);
        perTopic("bytesin", "Bytes of records", topics, TrafficMetrics.Topic::bytesIn);
        perTopic("bytesout", "Bytes of records", topics, TrafficMetrics.Topic::bytesOut);
        requests.forEach((api, counted) -> times(api, counted, nowNanos));
    }

    /** As Kafka's beans: one of each topic, and one without a topic for all together. */
    private void perTopic(
            String what,
            String unit,
            Map<String, TrafficMetrics.Topic> topics,
            ToLongFunction<TrafficMetrics.Topic> value) {
        String name = "kafka_server_brokertopicmetrics_" + what;
        String help =
                unit + (what.endsWith("out") ? " sent to consumers." : " received from producers.");
        target.counter(name, help, topics.values().stream().mapToLong(value).sum());
        topics.forEach(
                (topic, counted) ->
                        target.counter(name, help, value.applyAsLong(counted), "topic", topic));
    }

    private void times(String api, TrafficMetrics.Requests counted, long nowNanos) {
        double[] nanos = counted.recentNanos(nowNanos, QUANTILES);
        for (int i = 0; i < QUANTILES.length; i++) {
            target.quantile(
                    TOTAL_TIME,
                    TOTAL_TIME_HELP,
                    nanos[i] / TimeUnit.MILLISECONDS.toNanos(1),
                    "request",
                    api,
                    "quantile",
                    Double.toString(QUANTILES[i]));
        }
        target.summaryCount(TOTAL_TIME, TOTAL_TIME_HELP, counted.completed(), "request", api);
    }
}
