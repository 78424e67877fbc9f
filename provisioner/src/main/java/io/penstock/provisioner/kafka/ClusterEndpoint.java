package io.penstock.provisioner.kafka;

import io.penstock.provisioner.pki.PemIdentity;

import java.util.HashMap;
import java.util.Map;

/**
 * How the control plane reaches a cluster as a super user.
 *
 * @param bootstrapServers {@code host:port,…} of the listener {@code INTERNAL}
 * @param authorityPem the certificate of the cluster's authority
 * @param identity the control plane's key and certificate in this cluster
 */
public record ClusterEndpoint(String bootstrapServers, String authorityPem, PemIdentity identity) {
    /**
     * Settings common to the admin client, the producer and the consumer; PEM in memory, no files.
     */
    Map<String, Object> clientSettings(String clientId) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("client.id", clientId);
        settings.put("security.protocol", "SSL");
        settings.put("ssl.keystore.type", "PEM");
        settings.put("ssl.keystore.key", identity.privateKeyPem());
        settings.put("ssl.keystore.certificate.chain", identity.certificatePem());
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.certificates", authorityPem);
        settings.put("socket.connection.setup.timeout.ms", "3000");
        settings.put("reconnect.backoff.max.ms", "1000");
        // The client reports itself to brokers by KIP-714; nobody collects it here.
        settings.put("enable.metrics.push", "false");
        return settings;
    }
}
