package io.penstock.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;

import java.util.Map;

class TopicConfigDefinitionsTest {

    @Test
    void namesTypesAndDefaultsAreKafkas() {
        for (String name : LogConfig.nonInternalConfigNames()) {
            var definition = TopicConfigDefinitions.find(name).orElseThrow();
            var kafkas = LogConfig.configKeys().get(name);
            assertThat(definition.type()).as(name).isEqualTo(kafkas.type);
            String expected =
                    kafkas.defaultValue instanceof java.util.List<?> list
                            ? String.join(",", list.stream().map(Object::toString).toList())
                            : String.valueOf(kafkas.defaultValue);
            assertThat(definition.defaultValue()).as(name).isEqualTo(expected);
            assertThat(definition.problem(definition.defaultValue())).isEmpty();
            assertThat(definition.documentation()).isNotBlank();
        }
        assertThat(TopicConfigDefinitions.all()).hasSameSizeAs(LogConfig.nonInternalConfigNames());
    }

    @Test
    void problemsNamePropertyValueAndWhatIsAllowed() {
        assertThat(TopicConfigDefinitions.problems(Map.of("retention.ms", "soon")))
                .singleElement()
                .asString()
                .contains("retention.ms", "soon", "at least -1");
        assertThat(TopicConfigDefinitions.problems(Map.of("retention.mss", "1")))
                .containsExactly("Unknown topic config name: retention.mss");
        assertThat(TopicConfigDefinitions.problems(Map.of("cleanup.policy", "compact,delete")))
                .isEmpty();
        assertThat(TopicConfigDefinitions.problems(Map.of("cleanup.policy", "shred"))).hasSize(1);
        assertThat(
                        TopicConfigDefinitions.problems(
                                Map.of(
                                        "min.compaction.lag.ms", "10",
                                        "max.compaction.lag.ms", "5")))
                .hasSize(1);
    }

    @Test
    void theBrokersStrongestPropertyGivesTheDefault() {
        Map<String, String> broker =
                Map.of("log.retention.hours", "2", "log.segment.bytes", "2000000");

        var effective = TopicConfigDefinitions.effective(Map.of("segment.ms", "5"), broker);

        assertThat(effective)
                .containsEntry("retention.ms", "7200000")
                .containsEntry("segment.bytes", "2000000")
                .containsEntry("segment.ms", "5");
        assertThat(
                        TopicConfigDefinitions.effective(
                                Map.of(),
                                Map.of("log.retention.hours", "2", "log.retention.ms", "9")))
                .containsEntry("retention.ms", "9");
    }
}
