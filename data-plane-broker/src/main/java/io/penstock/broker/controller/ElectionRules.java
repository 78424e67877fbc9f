package io.penstock.broker.controller;

import io.penstock.broker.config.TopicConfigDefinitions;
import io.penstock.broker.metadata.BrokerRegistration;
import io.penstock.broker.metadata.ClusterImage;

import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;

import java.util.Map;
import java.util.function.IntPredicate;

/**
 * What elections and in-sync replicas of one topic depend on besides the partition's own state.
 *
 * @param live whether a broker is registered and not fenced
 * @param minInSync the topic's {@code min.insync.replicas}
 * @param uncleanElection whether a replica may lead that may miss acknowledged records
 */
record ElectionRules(IntPredicate live, int minInSync, boolean uncleanElection) {

    static final String MIN_IN_SYNC = "min.insync.replicas";
    static final String UNCLEAN_ELECTION = "unclean.leader.election.enable";

    ElectionRules allowingUnclean() {
        return new ElectionRules(live, minInSync, true);
    }

    static boolean isLive(ClusterImage image, int brokerId) {
        BrokerRegistration broker = image.brokers().get(brokerId);
        return broker != null && !broker.fenced();
    }

    /**
     * Whether the topic itself asks that nothing counts before it is on disk. A broker's or the
     * cluster's default is not enough: it may be another one on each broker.
     */
    static boolean isDurable(ClusterImage image, String topic) {
        String messages =
                image.config(ConfigResource.Type.TOPIC, topic)
                        .get(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG);
        return messages != null && Long.parseLong(messages.trim()) <= 1;
    }

    /**
     * Finds the rules of an image's topics: what the topic sets, else the cluster, else the file.
     */
    static final class Source {

        private final Map<String, String> brokerProperties;

        Source(Map<String, String> brokerProperties) {
            this.brokerProperties = Map.copyOf(brokerProperties);
        }

        ElectionRules of(ClusterImage image, String topic) {
            return of(image, topic, id -> isLive(image, id));
        }

        ElectionRules of(ClusterImage image, String topic, IntPredicate live) {
            Map<String, String> own = image.config(ConfigResource.Type.TOPIC, topic);
            Map<String, String> cluster = image.config(ConfigResource.Type.BROKER, "");
            return new ElectionRules(
                    live,
                    Integer.parseInt(value(MIN_IN_SYNC, own, cluster)),
                    Boolean.parseBoolean(value(UNCLEAN_ELECTION, own, cluster)));
        }

        private String value(String name, Map<String, String> own, Map<String, String> cluster) {
            String value = own.get(name);
            if (value == null) {
                value =
                        TopicConfigDefinitions.find(name)
                                .orElseThrow()
                                .defaultOn(property -> setting(property, cluster));
            }
            return value.trim();
        }

        private String setting(String property, Map<String, String> cluster) {
            String dynamic = cluster.get(property);
            return dynamic == null ? brokerProperties.get(property) : dynamic;
        }
    }
}
