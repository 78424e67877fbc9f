package io.penstock.broker.config;

import org.apache.kafka.common.config.types.Password;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values of all known properties: what was set, else the default. Every value was validated, so
 * the typed getters cannot fail; asking for a name that is in no table is a fault of the caller.
 */
public final class PropertyValues {

    private final Map<String, String> set;

    /** The prefix that is tried first, as in {@code listener.name.client.}; empty for none. */
    private final String prefix;

    /** Names that were asked for, here or in a view with another prefix. */
    private final Set<String> asked;

    PropertyValues(Map<String, String> set) {
        this(Map.copyOf(set), "", ConcurrentHashMap.newKeySet());
    }

    private PropertyValues(Map<String, String> set, String prefix, Set<String> asked) {
        this.set = set;
        this.prefix = prefix;
        this.asked = asked;
    }

    /** These values as a listener sees them: its own overrides first. */
    PropertyValues overriddenBy(String newPrefix) {
        return new PropertyValues(set, newPrefix, asked);
    }

    /**
     * What was set and nobody has asked for, nor will take out of {@link #explicit()}: properties
     * of Kafka's that have no meaning here. To be called when everything has started.
     */
    public List<String> withoutEffect() {
        return explicit().keySet().stream()
                .filter(name -> isIdle(ListenerOverrides.plainName(name)))
                .toList();
    }

    /** What was set, without defaults, sorted by name. Holds secrets: not for logs. */
    public Map<String, String> explicit() {
        return new TreeMap<>(set);
    }

    public boolean isSet(String name) {
        asked.add(name);
        return set.containsKey(prefix + name) || set.containsKey(name);
    }

    private boolean isIdle(String name) {
        return !asked.contains(name) && !TakenFromTheMap.contains(name);
    }

    /** The value as written, if set or defaulted and not empty. */
    public Optional<String> find(String name) {
        PropertyDefinition definition =
                BrokerPropertyTable.find(name)
                        .orElseThrow(
                                () -> new IllegalArgumentException("no such property: " + name));
        if (!asked.contains(name)) {
            asked.add(name);
        }
        String value = set.get(prefix + name);
        if (value == null) {
            value = set.get(name);
        }
        if (value == null) {
            value = definition.defaultValue().orElse("");
        }
        return value.isBlank() ? Optional.empty() : Optional.of(value.trim());
    }

    public String string(String name) {
        return find(name).orElse("");
    }

    public int integer(String name) {
        return Integer.parseInt(require(name));
    }

    public long longInteger(String name) {
        return Long.parseLong(require(name));
    }

    public double decimal(String name) {
        return Double.parseDouble(require(name));
    }

    public boolean bool(String name) {
        return Boolean.parseBoolean(string(name));
    }

    public List<String> list(String name) {
        return PropertyDefinition.splitList(string(name));
    }

    public Optional<Password> password(String name) {
        return find(name).map(Password::new);
    }

    private String require(String name) {
        return find(name)
                .orElseThrow(
                        () -> new IllegalArgumentException(name + " is unset, without default"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PropertyValues values
                && set.equals(values.set)
                && prefix.equals(values.prefix);
    }

    @Override
    public int hashCode() {
        return Objects.hash(set, prefix);
    }

    /** Names only: values may be secrets. */
    @Override
    public String toString() {
        return "PropertyValues" + explicit().keySet();
    }
}
