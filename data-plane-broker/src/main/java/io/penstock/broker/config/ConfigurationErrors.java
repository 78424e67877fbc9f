package io.penstock.broker.config;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong, so that all of it is reported at once. */
final class ConfigurationErrors {

    private final List<String> errors = new ArrayList<>();

    void add(String property, String value, String allowed) {
        boolean secret =
                BrokerPropertyTable.find(property)
                        .map(
                                d ->
                                        d.type()
                                                == org.apache.kafka.common.config.ConfigDef.Type
                                                        .PASSWORD)
                        .orElse(false);
        errors.add(property + " = '" + (secret ? "[hidden]" : value) + "': " + allowed);
    }

    void add(String error) {
        errors.add(error);
    }

    boolean isEmpty() {
        return errors.isEmpty();
    }

    void throwIfAny() {
        if (!errors.isEmpty()) {
            throw new ConfigurationException(errors);
        }
    }
}
