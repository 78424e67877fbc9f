package io.penstock.broker.config;

import org.apache.kafka.common.config.ConfigDef;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Every broker property that Kafka 3.9 or 4.x knows, and our own, by name. */
public final class BrokerPropertyTable {

    private static final Map<String, PropertyDefinition> DEFINITIONS = read();

    private BrokerPropertyTable() {}

    public static Map<String, PropertyDefinition> definitions() {
        return DEFINITIONS;
    }

    public static Optional<PropertyDefinition> find(String name) {
        return Optional.ofNullable(DEFINITIONS.get(name));
    }

    private static Map<String, PropertyDefinition> read() {
        Map<String, PropertyDefinition> definitions = new TreeMap<>();
        try (InputStream stream =
                        BrokerPropertyTable.class.getResourceAsStream("broker-properties.tsv");
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.startsWith("#")) {
                    PropertyDefinition definition = parse(line);
                    definitions.put(definition.name(), definition);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Collections.unmodifiableMap(definitions);
    }

    private static PropertyDefinition parse(String line) {
        String[] columns = line.split("\t", -1);
        String defaultValue = columns.length > 2 ? columns[2] : "";
        return new PropertyDefinition(
                columns[0],
                ConfigDef.Type.valueOf(columns[1]),
                defaultValue.isEmpty() ? Optional.empty() : Optional.of(defaultValue),
                columns.length > 3 ? columns[3] : "");
    }
}
