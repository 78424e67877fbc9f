package io.penstock.broker.config;

import java.util.List;

/**
 * Everything that is wrong with a configuration, one line each: property, value, what is allowed.
 */
public final class ConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final List<String> errors;

    public ConfigurationException(List<String> errors) {
        super(
                errors.size() == 1
                        ? errors.getFirst()
                        : errors.size()
                                + " errors in the configuration:\n  "
                                + String.join("\n  ", errors));
        this.errors = List.copyOf(errors);
    }

    public List<String> errors() {
        return errors;
    }
}
