package io.penstock.broker.app;

import io.penstock.broker.config.HostPort;
import io.penstock.broker.config.TlsSettings;
import io.penstock.broker.config.TlsSettings.ClientAuthentication;
import io.penstock.broker.config.TlsSettings.Store;

import org.apache.kafka.common.config.types.Password;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * A ZooKeeper server's configuration: the properties of {@code zoo.cfg}, and a few of ours.
 *
 * @param zooKeeper what ZooKeeper itself is given
 * @param id of this server; read from the file {@code myid} where it is not given
 * @param managementListener where health and metrics are served, if at all
 */
record ZooKeeperSettings(
        Properties zooKeeper, Optional<Integer> id, Optional<HostPort> managementListener) {

    private static final String OWN_PREFIX = "penstock.";
    private static final String ID = "penstock.zookeeper.myid";
    private static final String LARGEST_MESSAGE = "jute.maxbuffer";
    private static final String MANAGEMENT_LISTENER = "penstock.management.listener";

    /** What ZooKeeper gets unless the file says otherwise. */
    private static final Properties DEFAULTS = new Properties();

    static {
        // A web server that needs Jetty, which is not here; the management port takes its place.
        DEFAULTS.setProperty("admin.enableServer", "false");
        // The topic list of a large cluster does not fit into the 1 MB that is the default.
        DEFAULTS.setProperty(LARGEST_MESSAGE, "16777216");
        DEFAULTS.setProperty("4lw.commands.whitelist", "srvr,ruok");
    }

    /**
     * @throws StartException naming what is wrong
     */
    static ZooKeeperSettings load(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartException("cannot read " + file + ": " + e);
        }
        return from(properties);
    }

    static ZooKeeperSettings from(Properties properties) {
        Properties zooKeeper = new Properties();
        zooKeeper.putAll(DEFAULTS);
        for (String name : properties.stringPropertyNames()) {
            if (!name.startsWith(OWN_PREFIX)) {
                zooKeeper.setProperty(name, properties.getProperty(name).trim());
            } else if (!name.equals(ID) && !name.equals(MANAGEMENT_LISTENER)) {
                throw new StartException(
                        "unknown property "
                                + name
                                + "; of our own there are "
                                + ID
                                + " and "
                                + MANAGEMENT_LISTENER);
            }
        }
        return new ZooKeeperSettings(
                zooKeeper,
                Optional.ofNullable(properties.getProperty(ID)).map(ZooKeeperSettings::id),
                Optional.ofNullable(properties.getProperty(MANAGEMENT_LISTENER))
                        .map(ZooKeeperSettings::address));
    }

    /**
     * TLS of the port for clients, when it has any; the management port takes the same identity.
     */
    Optional<TlsSettings> tls() {
        return store("ssl.keyStore")
                .map(
                        keyStore ->
                                new TlsSettings(
                                        Optional.of(keyStore),
                                        store("ssl.trustStore"),
                                        password("ssl.keyStore.password"),
                                        ClientAuthentication.REQUIRED,
                                        List.of("TLSv1.3", "TLSv1.2"),
                                        List.of()));
    }

    /** Makes the data directory, and in it the file that tells a server its id. */
    void prepareData() {
        String directory = zooKeeper.getProperty("dataDir");
        if (directory == null) {
            throw new StartException("dataDir is not set");
        }
        Path data = Path.of(directory);
        try {
            Files.createDirectories(data);
            if (id.isPresent()) {
                Files.writeString(data.resolve("myid"), id.get() + "\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to dataDir=" + data, e);
        }
    }

    /**
     * ZooKeeper reads this one from the system properties only, once, when its first class that
     * parses messages is loaded; in its file it would have no effect.
     */
    void applyLargestMessage() {
        String bytes = zooKeeper.getProperty(LARGEST_MESSAGE);
        try {
            if (Integer.decode(bytes) > 0) {
                System.setProperty(LARGEST_MESSAGE, bytes);
                return;
            }
        } catch (NumberFormatException e) {
            throw badLargestMessage(bytes);
        }
        throw badLargestMessage(bytes);
    }

    private static StartException badLargestMessage(String bytes) {
        return new StartException(
                LARGEST_MESSAGE + "=" + bytes + ": allowed is a whole number of bytes, at least 1");
    }

    private Optional<Store> store(String name) {
        String location = zooKeeper.getProperty(name + ".location", "");
        if (location.isEmpty()) {
            return Optional.empty();
        }
        boolean isPem = location.endsWith(".pem");
        String type = zooKeeper.getProperty(name + ".type", isPem ? "PEM" : "JKS");
        return Optional.of(
                type.equalsIgnoreCase("PEM")
                        ? new Store.PemFile(Path.of(location))
                        : new Store.KeyStoreFile(
                                Path.of(location), type, password(name + ".password")));
    }

    private Optional<Password> password(String name) {
        return Optional.ofNullable(zooKeeper.getProperty(name)).map(Password::new);
    }

    private static int id(String text) {
        try {
            int id = Integer.parseInt(text.trim());
            if (id >= 1 && id <= 255) {
                return id;
            }
        } catch (NumberFormatException e) {
            throw new StartException(ID + "=" + text + ": allowed are 1 to 255", e);
        }
        throw new StartException(ID + "=" + text + ": allowed are 1 to 255");
    }

    private static HostPort address(String text) {
        try {
            return HostPort.parse(text.trim());
        } catch (IllegalArgumentException e) {
            throw new StartException(MANAGEMENT_LISTENER + "=" + text + ": " + e.getMessage(), e);
        }
    }
}
