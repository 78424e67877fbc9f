package io.penstock.broker.controller;

import io.penstock.broker.metadata.Endpoint;
import io.penstock.broker.zk.ZkSettings;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import javax.net.ssl.SSLContext;

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
        Optional<SSLContext> interBrokerTls,
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

    /** The broker's properties may hold passwords: never print them. */
    @Override
    public String toString() {
        return "MembershipSettings[brokerId=" + brokerId + ", endpoints=" + endpoints + "]";
    }
}
