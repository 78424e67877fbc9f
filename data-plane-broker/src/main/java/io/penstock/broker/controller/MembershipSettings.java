package io.penstock.broker.controller;

import io.netty.handler.ssl.SslContext;
import io.penstock.broker.config.BrokerConfig;
import io.penstock.broker.config.ZooKeeperSettings;
import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.network.TlsContexts;
import io.penstock.broker.zk.ZkSettings;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a broker brings to its cluster.
 *
 * @param incarnation new with every start of the process
 * @param endpoints as advertised
 * @param interBrokerListener name of the endpoint on which brokers reach each other
 * @param interBrokerTls key and trust for that listener, when it is one with TLS
 * @param peer whether a principal on that listener is a broker or may act as one
 * @param brokerProperties the broker's properties as written in its file: defaults of topics
 * @param stateDirectory where the session's id and password are kept, to end it after a crash
 */
public record MembershipSettings(
        int brokerId,
        Uuid incarnation,
        List<Endpoint> endpoints,
        Optional<String> rack,
        String interBrokerListener,
        Optional<SslContext> interBrokerTls,
        Predicate<KafkaPrincipal> peer,
        Path stateDirectory,
        ZkSettings zooKeeper,
        Map<String, String> brokerProperties) {

    public MembershipSettings {
        endpoints = List.copyOf(endpoints);
        brokerProperties = Map.copyOf(brokerProperties);
        if (endpoints.stream().noneMatch(e -> e.listener().equals(interBrokerListener))) {
            throw new IllegalArgumentException(
                    "inter.broker.listener.name="
                            + interBrokerListener
                            + " is none of this broker's listeners");
        }
    }

    /**
     * As the broker's properties say. Where ACLs decide, only super users are taken for brokers.
     *
     * @param incarnation new with every start of the process
     */
    public static MembershipSettings from(BrokerConfig config, Uuid incarnation) {
        List<Endpoint> endpoints =
                config.listeners().stream()
                        .map(
                                listener ->
                                        new Endpoint(
                                                listener.name(),
                                                listener.advertised().host(),
                                                listener.advertised().port(),
                                                listener.protocol()))
                        .toList();
        var authorization = config.authorization();
        return new MembershipSettings(
                config.brokerId(),
                incarnation,
                endpoints,
                config.rack(),
                config.interBrokerListener(),
                config.interBroker().tls().map(TlsContexts::client),
                principal ->
                        !authorization.enabled()
                                || authorization.superUsers().contains(principal.toString()),
                config.logDirectories().getFirst(),
                zooKeeper(config.zooKeeper()),
                config.values().explicit());
    }

    private static ZkSettings zooKeeper(ZooKeeperSettings settings) {
        return new ZkSettings(
                settings.connect(),
                Duration.ofMillis(settings.sessionTimeoutMillis()),
                Duration.ofMillis(settings.connectionTimeoutMillis()),
                settings.tls()
                        .map(tls -> ZooKeeperTls.clientProperties(tls, settings.verifyHostName()))
                        .orElse(Map.of()));
    }

    /** The broker's properties may hold passwords: never print them. */
    @Override
    public String toString() {
        return "MembershipSettings[brokerId=" + brokerId + ", endpoints=" + endpoints + "]";
    }
}
