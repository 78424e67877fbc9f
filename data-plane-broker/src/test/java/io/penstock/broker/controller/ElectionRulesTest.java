package io.penstock.broker.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.StreamPosition;

import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class ElectionRulesTest {

    private static final Map<String, String> FILE =
            Map.of("min.insync.replicas", "3", "unclean.leader.election.enable", "true");

    private final ElectionRules.Source rules = new ElectionRules.Source(FILE);

    @Test
    void theTopicComesBeforeTheClusterAndTheClusterBeforeTheFile() {
        Map<String, String> cluster = Map.of("min.insync.replicas", " 2 ");

        assertThat(minimum(Map.of(), Map.of())).isEqualTo(3);
        assertThat(minimum(Map.of(), cluster)).isEqualTo(2);
        assertThat(minimum(Map.of("min.insync.replicas", "1"), cluster)).isEqualTo(1);
        assertThat(rules.of(image(Map.of(), cluster), "orders").uncleanElection()).isTrue();
    }

    /** They are asked for each topic, of which there are thousands, with each event. */
    @Test
    void theClustersSettingsAreLookedUpAndNeverCopied() {
        Map<String, String> cluster = new LookedUpOnly(Map.of("min.insync.replicas", "2"));

        assertThat(minimum(Map.of(), cluster)).isEqualTo(2);
    }

    private int minimum(Map<String, String> topic, Map<String, String> cluster) {
        return rules.of(image(topic, cluster), "orders").minInSync();
    }

    private static ClusterImage image(Map<String, String> topic, Map<String, String> cluster) {
        return new ClusterImage(
                "cluster",
                StreamPosition.NONE,
                Optional.empty(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, "orders"),
                        topic,
                        new ConfigResource(ConfigResource.Type.BROKER, ""),
                        cluster),
                Set.of(),
                Map.of());
    }

    private static final class LookedUpOnly extends AbstractMap<String, String> {
        private final Map<String, String> values;

        private LookedUpOnly(Map<String, String> values) {
            this.values = values;
        }

        @Override
        public String get(Object key) {
            return values.get(key);
        }

        @Override
        public Set<Entry<String, String>> entrySet() {
            throw new AssertionError("all settings are gone through");
        }
    }
}
