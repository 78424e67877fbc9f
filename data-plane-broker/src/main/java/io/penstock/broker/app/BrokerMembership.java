package io.penstock.broker.app;

import io.penstock.broker.config.AuthorizationSettings;
import io.penstock.broker.config.BrokerConfig;
import io.penstock.broker.config.HostPort;
import io.penstock.broker.config.ListenerSettings;
import io.penstock.broker.config.TlsSettings;
import io.penstock.broker.config.TlsSettings.Store;
import io.penstock.broker.config.ZooKeeperSettings;
import io.penstock.broker.controller.MembershipSettings;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.zk.ZkSettings;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What a broker's configuration says about its place in the cluster. */
final class BrokerMembership {

    private BrokerMembership() {}

    static MembershipSettings settings(BrokerConfig config) {
        return new MembershipSettings(
                config.brokerId(),
                Uuid.randomUuid(),
                config.listeners().stream().map(BrokerMembership::endpoint).toList(),
                config.rack(),
                config.interBrokerListener(),
                config.interBroker().tls().map(ClientTls::context),
                peer(config.authorization()),
                config.logDirectories().getFirst(),
                zooKeeper(config.zooKeeper()),
                config.values().explicit());
    }

    private static Endpoint endpoint(ListenerSettings listener) {
        HostPort advertised = listener.advertised();
        if (advertised.port() == 0) {
            throw new StartException(
                    "listener "
                            + listener.name()
                            + " needs a port of its own in listeners or advertised.listeners:"
                            + " port 0 cannot be advertised");
        }
        return new Endpoint(
                listener.name(),
                advertised.host().isEmpty() ? ownHost() : advertised.host(),
                advertised.port(),
                listener.protocol());
    }

    private static String ownHost() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException e) {
            throw new StartException(
                    "advertised.listeners is not set, and this host has no name", e);
        }
    }

    /** With an authorizer, brokers know each other as super users. */
    private static Predicate<KafkaPrincipal> peer(AuthorizationSettings authorization) {
        return authorization.enabled()
                ? principal -> authorization.superUsers().contains(principal.toString())
                : principal -> true;
    }

    private static ZkSettings zooKeeper(ZooKeeperSettings settings) {
        Map<String, String> client = new HashMap<>();
        settings.tls()
                .ifPresent(
                        tls -> {
                            client.put(
                                    "zookeeper.clientCnxnSocket",
                                    "org.apache.zookeeper.ClientCnxnSocketNetty");
                            client.put("zookeeper.client.secure", "true");
                            client.put(
                                    "zookeeper.ssl.hostnameVerification",
                                    Boolean.toString(settings.verifyHostName()));
                            put(client, "keyStore", tls.keystore(), tls);
                            put(client, "trustStore", tls.truststore(), tls);
                            List<String> protocols = tls.protocols();
                            if (!protocols.isEmpty()) {
                                client.put(
                                        "zookeeper.ssl.enabledProtocols",
                                        String.join(",", protocols));
                            }
                            if (!tls.cipherSuites().isEmpty()) {
                                client.put(
                                        "zookeeper.ssl.ciphersuites",
                                        String.join(",", tls.cipherSuites()));
                            }
                        });
        return new ZkSettings(
                settings.connect(),
                Duration.ofMillis(settings.sessionTimeoutMillis()),
                Duration.ofMillis(settings.connectionTimeoutMillis()),
                client);
    }

    private static void put(
            Map<String, String> client, String name, Optional<Store> store, TlsSettings tls) {
        String prefix = "zookeeper.ssl." + name;
        store.ifPresent(
                found -> {
                    switch (found) {
                        case Store.PemFile(Path path) -> {
                            client.put(prefix + ".location", path.toString());
                            client.put(prefix + ".type", "PEM");
                            tls.keyPassword()
                                    .map(Password::value)
                                    .ifPresent(value -> client.put(prefix + ".password", value));
                        }
                        case Store.KeyStoreFile(
                                        Path path,
                                        String type,
                                        Optional<Password> password) -> {
                            client.put(prefix + ".location", path.toString());
                            client.put(prefix + ".type", type);
                            password.ifPresent(
                                    value -> client.put(prefix + ".password", value.value()));
                        }
                        case Store.Inline inline ->
                                throw new StartException(
                                        "zookeeper.ssl."
                                                + name.toLowerCase(java.util.Locale.ROOT)
                                                + " must be a file");
                    }
                });
    }
}
