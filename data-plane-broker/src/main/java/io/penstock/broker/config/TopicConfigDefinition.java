package io.penstock.broker.config;

import org.apache.kafka.common.config.ConfigDef;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One configuration that a topic may set.
 *
 * @param defaultValue as a string, in the form that DescribeConfigs reports
 * @param brokerSynonyms broker properties that set its default, the strongest first
 * @param documentation one or two sentences, units included
 */
public record TopicConfigDefinition(
        String name,
        ConfigDef.Type type,
        String defaultValue,
        List<BrokerSynonym> brokerSynonyms,
        String documentation,
        ConfigConstraint constraint) {

    /**
     * A broker property that gives this configuration's default.
     *
     * @param factor what one unit of the property is in units of the topic's configuration (3600000
     *     for hours where the topic counts milliseconds)
     */
    public record BrokerSynonym(String name, long factor) {

        /** The property's value in the topic's units. Negative values stand for "no limit". */
        String convert(String value) {
            if (factor == 1) {
                return value.trim();
            }
            long number = Long.parseLong(value.trim());
            return Long.toString(number < 0 ? number : Math.multiplyExact(number, factor));
        }
    }

    /** Why the value is not allowed, naming property, value and what is allowed; empty if it is. */
    public Optional<String> problem(String value) {
        if (value == null) {
            return Optional.of("%s must have a value: %s".formatted(name, constraint.allowed()));
        }
        return constraint.allows(value.trim())
                ? Optional.empty()
                : Optional.of(
                        "%s=%s is not allowed: it must be %s"
                                .formatted(name, value, constraint.allowed()));
    }

    /** The value that topics have on a broker with these properties when they set none. */
    public String defaultOn(Map<String, String> brokerProperties) {
        return defaultOn(brokerProperties::get);
    }

    /** As the other one, with whatever looks a property up; null where it is not set. */
    public String defaultOn(UnaryOperator<String> brokerProperties) {
        for (BrokerSynonym synonym : brokerSynonyms) {
            String value = brokerProperties.apply(synonym.name());
            if (value != null) {
                return synonym.convert(value);
            }
        }
        return defaultValue;
    }
}
