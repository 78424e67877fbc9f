package io.penstock.broker.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * A broker's configuration, validated as a whole: an instance exists only when every property is
 * known and every value allowed.
 *
 * @param logDirectories absolute or relative to the working directory, at least one
 * @param interBrokerListener name of the listener that brokers use among themselves
 * @param managementListener where health and metrics are served, if at all
 * @param values every other property, typed by {@link BrokerPropertyTable}
 */
public record BrokerConfig(
        int brokerId,
        Optional<String> rack,
        List<Path> logDirectories,
        List<ListenerSettings> listeners,
        String interBrokerListener,
        NetworkSettings network,
        ZooKeeperSettings zooKeeper,
        AuthorizationSettings authorization,
        Optional<HostPort> managementListener,
        PropertyValues values) {

    /**
     * @throws ConfigurationException naming everything that is wrong
     */
    public static BrokerConfig from(Properties properties) {
        return new BrokerConfigReader(properties).read();
    }

    /**
     * @throws ConfigurationException naming everything that is wrong, also when the file cannot be
     *     read
     */
    public static BrokerConfig load(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw new ConfigurationException(List.of("there is no file " + file));
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException(
                    List.of("cannot read " + file + ": " + e.getMessage()));
        }
        return from(properties);
    }

    public Optional<ListenerSettings> listener(String name) {
        return listeners.stream().filter(l -> l.name().equals(name)).findFirst();
    }

    /** The listener that brokers use among themselves. */
    public ListenerSettings interBroker() {
        return listener(interBrokerListener).orElseThrow();
    }
}
