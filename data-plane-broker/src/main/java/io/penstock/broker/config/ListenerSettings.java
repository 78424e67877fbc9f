package io.penstock.broker.config;

import org.apache.kafka.common.security.auth.SecurityProtocol;

import java.util.List;
import java.util.Optional;

/**
 * One listener.
 *
 * @param bind where to listen; an empty host means every local address, port 0 any free one
 * @param advertised what clients are told
 * @param tls present exactly when the protocol is encrypted
 * @param saslMechanisms enabled mechanisms; empty when the protocol is without SASL
 * @param maxReauthenticationMillis longest life of a SASL session (KIP-368), 0 for no end
 * @param maxConnections of this listener
 */
public record ListenerSettings(
        String name,
        SecurityProtocol protocol,
        HostPort bind,
        HostPort advertised,
        Optional<TlsSettings> tls,
        List<String> saslMechanisms,
        long maxReauthenticationMillis,
        String principalMappingRules,
        int maxConnections) {

    public boolean usesSasl() {
        return protocol == SecurityProtocol.SASL_PLAINTEXT || protocol == SecurityProtocol.SASL_SSL;
    }
}
