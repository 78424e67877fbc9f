package io.penstock.launcher.demo;

import com.fasterxml.jackson.databind.JsonNode;

import io.penstock.launcher.installation.PrivateFiles;

import java.nio.file.Path;

/**
 * Configuration of the demo's clients, in files that only their owner may read: passwords belong on
 * no command line.
 */
record ClientFiles(Path folder, String bootstrap, String authorityPem) {

    Path authority() {
        return folder.resolve("ca.pem");
    }

    void writeAuthority() {
        PrivateFiles.folder(folder);
        PrivateFiles.write(authority(), authorityPem);
    }

    /** For Kafka's Java client. */
    Path java(String name, JsonNode credential, String further) {
        var file = folder.resolve(name + ".properties");
        PrivateFiles.write(
                file,
                """
                bootstrap.servers=%s
                security.protocol=SASL_SSL
                sasl.mechanism=SCRAM-SHA-512
                sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="%s" password="%s";
                ssl.truststore.type=PEM
                ssl.truststore.location=%s
                client.id=demo-%s
                %s"""
                        .formatted(
                                bootstrap,
                                credential.get("username").asText(),
                                credential.get("password").asText(),
                                authority(),
                                name,
                                further));
        return file;
    }

    /** For kcat and everything else on librdkafka. */
    Path kcat(String name, JsonNode credential) {
        var file = folder.resolve("kcat-" + name + ".conf");
        PrivateFiles.write(
                file,
                """
                bootstrap.servers=%s
                security.protocol=SASL_SSL
                sasl.mechanisms=SCRAM-SHA-512
                sasl.username=%s
                sasl.password=%s
                ssl.ca.location=%s
                """
                        .formatted(
                                bootstrap,
                                credential.get("username").asText(),
                                credential.get("password").asText(),
                                authority()));
        return file;
    }
}
