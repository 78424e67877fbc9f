package io.penstock.broker.config;

import org.apache.kafka.common.security.auth.SecurityProtocol;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the listeners and what each of them overrides. */
final class ListenerReader {

    private final PropertyValues values;
    private final ConfigurationErrors errors;

    ListenerReader(PropertyValues values, ConfigurationErrors errors) {
        this.values = values;
        this.errors = errors;
    }

    List<ListenerSettings> read() {
        Map<String, HostPort> bound = endpoints("listeners");
        Map<String, HostPort> advertised = endpoints("advertised.listeners");
        advertised.keySet().stream()
                .filter(name -> !bound.containsKey(name))
                .forEach(
                        name ->
                                errors.add(
                                        "advertised.listeners",
                                        values.string("advertised.listeners"),
                                        "allowed: names in listeners, which lacks " + name));
        if (bound.isEmpty()) {
            errors.add("listeners", values.string("listeners"), "allowed: NAME://host:port,…");
        }
        Map<String, SecurityProtocol> protocols = protocols();
        List<ListenerSettings> listeners = new ArrayList<>();
        Set<HostPort> addresses = new HashSet<>();
        bound.forEach(
                (name, bind) -> {
                    if (bind.port() != 0 && !addresses.add(bind)) {
                        errors.add(
                                "listeners",
                                values.string("listeners"),
                                "allowed: each address once, " + bind + " is there twice");
                    }
                    SecurityProtocol protocol = protocols.get(name);
                    if (protocol == null) {
                        errors.add(
                                "listener.security.protocol.map",
                                values.string("listener.security.protocol.map"),
                                "must name the listener " + name);
                    } else {
                        listeners.add(
                                listener(name, protocol, bind, advertised(name, bind, advertised)));
                    }
                });
        return List.copyOf(listeners);
    }

    private ListenerSettings listener(
            String name, SecurityProtocol protocol, HostPort bind, HostPort advertised) {
        PropertyValues own = values.overriddenBy(ListenerOverrides.prefix(name));
        boolean encrypted =
                protocol == SecurityProtocol.SSL || protocol == SecurityProtocol.SASL_SSL;
        boolean sasl =
                protocol == SecurityProtocol.SASL_PLAINTEXT
                        || protocol == SecurityProtocol.SASL_SSL;
        Optional<TlsSettings> tls =
                encrypted ? Optional.of(TlsSettings.read(own, "ssl.")) : Optional.empty();
        if (tls.isPresent() && tls.get().keystore().isEmpty()) {
            errors.add(
                    "ssl.keystore.location",
                    "",
                    "must be set for the listener " + name + ", whose protocol is " + protocol);
        }
        List<String> mechanisms = sasl ? own.list("sasl.enabled.mechanisms") : List.of();
        if (sasl && mechanisms.isEmpty()) {
            errors.add(
                    "sasl.enabled.mechanisms", "", "allowed: SCRAM-SHA-256, SCRAM-SHA-512 or both");
        }
        return new ListenerSettings(
                name,
                protocol,
                bind,
                advertised,
                tls,
                mechanisms,
                own.longInteger("connections.max.reauth.ms"),
                own.string("ssl.principal.mapping.rules"),
                own.integer("max.connections"));
    }

    private HostPort advertised(String name, HostPort bind, Map<String, HostPort> advertised) {
        HostPort chosen = advertised.getOrDefault(name, bind);
        if (chosen.host().equals("0.0.0.0") || chosen.host().equals("::")) {
            errors.add(
                    "advertised.listeners",
                    chosen.toString(),
                    "allowed: an address that clients can reach; set advertised.listeners for "
                            + name);
        }
        return chosen.host().isEmpty() ? new HostPort(ownHostName(), chosen.port()) : chosen;
    }

    private static String ownHostName() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private Map<String, HostPort> endpoints(String property) {
        Map<String, HostPort> endpoints = new LinkedHashMap<>();
        for (String entry : values.list(property)) {
            int separator = entry.indexOf("://");
            if (separator <= 0) {
                errors.add(property, entry, "allowed: NAME://host:port,…");
                continue;
            }
            try {
                String name = entry.substring(0, separator).toUpperCase(Locale.ROOT);
                if (endpoints.put(name, HostPort.parse(entry.substring(separator + 3))) != null) {
                    errors.add(property, values.string(property), "allowed: each name once");
                }
            } catch (IllegalArgumentException e) {
                errors.add(property, entry, e.getMessage());
            }
        }
        return endpoints;
    }

    private Map<String, SecurityProtocol> protocols() {
        String property = "listener.security.protocol.map";
        Map<String, SecurityProtocol> protocols = new LinkedHashMap<>();
        for (String entry : values.list(property)) {
            int colon = entry.indexOf(':');
            Optional<SecurityProtocol> protocol =
                    Arrays.stream(SecurityProtocol.values())
                            .filter(p -> p.name.equalsIgnoreCase(entry.substring(colon + 1).trim()))
                            .findFirst();
            if (colon <= 0 || protocol.isEmpty()) {
                errors.add(
                        property,
                        entry,
                        "allowed: NAME:PLAINTEXT, NAME:SSL, NAME:SASL_PLAINTEXT, NAME:SASL_SSL");
            } else {
                protocols.put(
                        entry.substring(0, colon).trim().toUpperCase(Locale.ROOT), protocol.get());
            }
        }
        return protocols;
    }
}
