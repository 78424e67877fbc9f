package io.penstock.broker.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads a {@link BrokerConfig}: first names and single values are checked against the table, and
 * only when all of them hold what needs several of them.
 */
final class BrokerConfigReader {

    /** Authorizers whose rules ours follows, by the names people have in their files. */
    private static final Set<String> AUTHORIZERS =
            Set.of(
                    "kafka.security.authorizer.AclAuthorizer",
                    "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                    "io.penstock.broker.security.AclAuthorizer");

    /** Kafka takes the session's timeout; nodes that start together on a busy machine need more. */
    private static final int DEFAULT_CONNECTION_TIMEOUT_MILLIS = 30_000;

    private final ConfigurationErrors errors = new ConfigurationErrors();
    private final PropertyValues values;

    BrokerConfigReader(Properties properties) {
        Map<String, String> set = new HashMap<>();
        for (String name : properties.stringPropertyNames()) {
            set.put(name, properties.getProperty(name));
        }
        new TreeMap<>(set).forEach(this::checkNameAndValue);
        errors.throwIfAny();
        values = new PropertyValues(set);
    }

    private void checkNameAndValue(String name, String value) {
        Optional<PropertyDefinition> definition =
                BrokerPropertyTable.find(ListenerOverrides.plainName(name));
        if (definition.isEmpty()) {
            errors.add(name, value, "no such property; allowed are the broker properties of Kafka");
        } else {
            definition
                    .get()
                    .complaint(value)
                    .ifPresent(complaint -> errors.add(name, value, complaint));
        }
    }

    BrokerConfig read() {
        int brokerId = brokerId();
        List<ListenerSettings> listeners = new ListenerReader(values, errors).read();
        String interBroker = interBrokerListener(listeners);
        BrokerConfig config =
                new BrokerConfig(
                        brokerId,
                        values.find("broker.rack"),
                        logDirectories(),
                        listeners,
                        interBroker,
                        network(),
                        zooKeeper(),
                        authorization(),
                        managementListener(),
                        values);
        checkCombinations();
        errors.throwIfAny();
        return config;
    }

    private int brokerId() {
        int brokerId = values.integer("broker.id");
        Optional<String> nodeId = values.find("node.id");
        if (nodeId.isPresent()) {
            int id = Integer.parseInt(nodeId.get());
            if (brokerId >= 0 && brokerId != id) {
                errors.add("node.id", nodeId.get(), "allowed: the value of broker.id");
            }
            return id;
        }
        if (brokerId < 0) {
            errors.add(
                    "broker.id",
                    Integer.toString(brokerId),
                    "must be set; allowed: a whole number of at least 0, unique in the cluster");
        }
        return brokerId;
    }

    private List<Path> logDirectories() {
        List<String> names = values.list(values.isSet("log.dirs") ? "log.dirs" : "log.dir");
        if (names.isEmpty() || Set.copyOf(names).size() != names.size()) {
            errors.add(
                    "log.dirs", String.join(",", names), "allowed: one or more distinct folders");
        }
        return names.stream().map(Path::of).toList();
    }

    private String interBrokerListener(List<ListenerSettings> listeners) {
        String names =
                listeners.stream().map(ListenerSettings::name).collect(Collectors.joining(", "));
        Optional<String> name = values.find("inter.broker.listener.name");
        if (name.isPresent()) {
            String wanted = name.get().toUpperCase(Locale.ROOT);
            if (listeners.stream().noneMatch(l -> l.name().equals(wanted))) {
                errors.add("inter.broker.listener.name", name.get(), "allowed: one of " + names);
            }
            return wanted;
        }
        String protocol = values.string("security.inter.broker.protocol");
        return listeners.stream()
                .filter(l -> l.protocol().name.equals(protocol))
                .map(ListenerSettings::name)
                .findFirst()
                .orElseGet(
                        () -> {
                            errors.add(
                                    "inter.broker.listener.name",
                                    "",
                                    "must be set, as no listener has the protocol "
                                            + protocol
                                            + "; allowed: one of "
                                            + names);
                            return "";
                        });
    }

    private NetworkSettings network() {
        int spare = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        int loops =
                values.isSet("num.network.threads")
                        ? Math.min(values.integer("num.network.threads"), spare)
                        : spare;
        return new NetworkSettings(
                loops,
                values.integer("socket.request.max.bytes"),
                values.integer("max.connections"),
                values.integer("max.connections.per.ip"),
                connectionOverrides(),
                values.longInteger("connections.max.idle.ms"),
                values.longInteger("penstock.authentication.timeout.ms"),
                values.integer("socket.send.buffer.bytes"),
                values.integer("socket.receive.buffer.bytes"),
                values.integer("socket.listen.backlog.size"));
    }

    private Map<String, Integer> connectionOverrides() {
        String property = "max.connections.per.ip.overrides";
        Map<String, Integer> overrides = new LinkedHashMap<>();
        for (String entry : values.list(property)) {
            try {
                HostPort parsed = HostPort.parse(entry.replaceFirst(":(\\d+)$", ":0"));
                overrides.put(
                        parsed.host(),
                        Integer.parseInt(entry.substring(entry.lastIndexOf(':') + 1)));
            } catch (IllegalArgumentException e) {
                errors.add(property, values.string(property), "allowed: host:count,…");
            }
        }
        return Map.copyOf(overrides);
    }

    private ZooKeeperSettings zooKeeper() {
        String connect = values.string("zookeeper.connect");
        if (connect.isEmpty()) {
            errors.add("zookeeper.connect", connect, "must be set; allowed: host:port,…[/chroot]");
        }
        return new ZooKeeperSettings(
                connect,
                values.integer("zookeeper.session.timeout.ms"),
                values.find("zookeeper.connection.timeout.ms")
                        .map(Integer::parseInt)
                        .orElse(DEFAULT_CONNECTION_TIMEOUT_MILLIS),
                values.bool("zookeeper.ssl.client.enable")
                        ? Optional.of(TlsSettings.read(values, "zookeeper.ssl."))
                        : Optional.empty(),
                values.string("zookeeper.ssl.endpoint.identification.algorithm")
                        .equalsIgnoreCase("HTTPS"));
    }

    private AuthorizationSettings authorization() {
        Optional<String> authorizer = values.find("authorizer.class.name");
        authorizer
                .filter(name -> !AUTHORIZERS.contains(name))
                .ifPresent(
                        name ->
                                errors.add(
                                        "authorizer.class.name",
                                        name,
                                        "allowed: empty, or one of "
                                                + AUTHORIZERS.stream()
                                                        .sorted()
                                                        .collect(Collectors.joining(", "))));
        Set<String> superUsers =
                Arrays.stream(values.string("super.users").split(";", -1))
                        .map(String::trim)
                        .filter(s -> !s.isEmpty())
                        .collect(Collectors.toUnmodifiableSet());
        superUsers.stream()
                .filter(user -> user.indexOf(':') <= 0)
                .forEach(user -> errors.add("super.users", user, "allowed: User:name;User:name"));
        return new AuthorizationSettings(
                authorizer.isPresent(), superUsers, values.bool("allow.everyone.if.no.acl.found"));
    }

    private Optional<HostPort> managementListener() {
        String property = "penstock.management.listener";
        try {
            return values.find(property).map(HostPort::parse);
        } catch (IllegalArgumentException e) {
            errors.add(property, values.string(property), e.getMessage());
            return Optional.empty();
        }
    }

    private void checkCombinations() {
        if (values.isSet("process.roles") && !values.list("process.roles").isEmpty()) {
            errors.add(
                    "process.roles",
                    values.string("process.roles"),
                    "allowed: unset; this broker is coordinated by ZooKeeper");
        }
        int least = values.integer("group.min.session.timeout.ms");
        int most = values.integer("group.max.session.timeout.ms");
        if (least > most) {
            errors.add(
                    "group.min.session.timeout.ms",
                    Integer.toString(least),
                    "allowed: at most group.max.session.timeout.ms, which is " + most);
        }
    }
}
