package io.penstock.broker.controller;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A ZooKeeper session as it is kept in the state directory, so that the next process can end it
 * after this one was killed. Whoever holds it can act as the session: only the owner may read it.
 */
record KeptSession(String clusterId, int brokerId, long sessionId, byte[] password) {

    private static final int VERSION = 1;
    private static final String FILE = "zookeeper-session.json";

    static Optional<KeptSession> read(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonNode node = Json.parse(file.toString(), Files.readAllBytes(file), VERSION);
        return Optional.of(
                new KeptSession(
                        node.path("cluster_id").asText(),
                        node.path("broker_id").asInt(),
                        node.path("session_id").asLong(),
                        node.path("password").binaryValue()));
    }

    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path fresh = directory.resolve(FILE + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(
                fresh,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(
                fresh,
                Json.bytes(
                        Json.object(VERSION)
                                .put("cluster_id", clusterId)
                                .put("broker_id", brokerId)
                                .put("session_id", sessionId)
                                .put("password", password)));
        Files.move(
                fresh,
                directory.resolve(FILE),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    static void forget(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(FILE));
    }

    boolean belongsTo(String cluster, int broker, long ephemeralOwner) {
        return clusterId.equals(cluster) && brokerId == broker && sessionId == ephemeralOwner;
    }

    @Override
    public String toString() {
        return "KeptSession[brokerId=" + brokerId + "]";
    }
}
