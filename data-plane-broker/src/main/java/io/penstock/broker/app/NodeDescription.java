package io.penstock.broker.app;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A node's user-data, the file {@code node.json} in its folder.
 *
 * @param authorityFingerprint SHA-256 of the enrolment port's CA certificate, in hex
 * @param token admits this node once
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record NodeDescription(
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("node_name") String nodeName,
        @JsonProperty("node_id") int nodeId,
        @JsonProperty("role") Role role,
        @JsonProperty("incarnation") int incarnation,
        @JsonProperty("image_version") String imageVersion,
        @JsonProperty("enrol_url") URI enrolmentUrl,
        @JsonProperty("enrol_ca_sha256") String authorityFingerprint,
        @JsonProperty("token") String token) {

    enum Role {
        @JsonProperty("broker")
        BROKER,
        @JsonProperty("zookeeper")
        ZOOKEEPER
    }

    /**
     * @throws StartException when the file is missing, unreadable or incomplete
     */
    static NodeDescription read(Path file) {
        NodeDescription node;
        try {
            node = new ObjectMapper().readValue(Files.readString(file), NodeDescription.class);
        } catch (JsonProcessingException e) {
            // Neither the parser's message nor its excerpt: both may show the token.
            throw new StartException(
                    file
                            + " is no valid node description, line "
                            + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()));
        } catch (IOException e) {
            throw new StartException("cannot read " + file + ": " + e);
        }
        require(file, "cluster_id", node.clusterId());
        require(file, "node_name", node.nodeName());
        require(file, "role", node.role());
        require(file, "enrol_url", node.enrolmentUrl());
        require(file, "enrol_ca_sha256", node.authorityFingerprint());
        require(file, "token", node.token());
        return node;
    }

    private static void require(Path file, String name, Object value) {
        if (value == null) {
            throw new StartException(file + " lacks \"" + name + "\"");
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return nodeName + " of " + clusterId;
    }
}
