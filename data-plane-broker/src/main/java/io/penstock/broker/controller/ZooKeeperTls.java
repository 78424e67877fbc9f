package io.penstock.broker.controller;

import io.penstock.broker.config.TlsSettings;
import io.penstock.broker.config.TlsSettings.Store;

import org.apache.kafka.common.config.types.Password;

import java.util.HashMap;
import java.util.Map;

/** The broker's {@code zookeeper.ssl.*} as properties of the ZooKeeper client. */
final class ZooKeeperTls {

    private ZooKeeperTls() {}

    static Map<String, String> clientProperties(TlsSettings tls, boolean verifyHostName) {
        Map<String, String> properties = new HashMap<>();
        properties.put("zookeeper.client.secure", "true");
        properties.put("zookeeper.clientCnxnSocket", "org.apache.zookeeper.ClientCnxnSocketNetty");
        properties.put("zookeeper.ssl.hostnameVerification", Boolean.toString(verifyHostName));
        tls.keystore().ifPresent(store -> put(properties, "zookeeper.ssl.keyStore", store));
        tls.truststore().ifPresent(store -> put(properties, "zookeeper.ssl.trustStore", store));
        if (!tls.protocols().isEmpty()) {
            properties.put("zookeeper.ssl.enabledProtocols", String.join(",", tls.protocols()));
        }
        if (!tls.cipherSuites().isEmpty()) {
            properties.put("zookeeper.ssl.ciphersuites", String.join(",", tls.cipherSuites()));
        }
        return properties;
    }

    private static void put(Map<String, String> properties, String stem, Store store) {
        switch (store) {
            case Store.PemFile pem -> {
                properties.put(stem + ".location", pem.path().toString());
                properties.put(stem + ".type", "PEM");
            }
            case Store.KeyStoreFile file -> {
                properties.put(stem + ".location", file.path().toString());
                properties.put(stem + ".type", file.type());
                file.password()
                        .map(Password::value)
                        .ifPresent(password -> properties.put(stem + ".password", password));
            }
            case Store.Inline inline ->
                    throw new IllegalArgumentException(
                            "the ZooKeeper client reads keys and certificates from files only");
        }
    }
}
