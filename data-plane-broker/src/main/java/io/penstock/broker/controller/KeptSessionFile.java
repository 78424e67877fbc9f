package io.penstock.broker.controller;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Keeps the session in a file of the state directory that only its owner may read. */
record KeptSessionFile(Path directory) implements KeptSession.Keeper {

    private static final int VERSION = 1;
    private static final String FILE = "zookeeper-session.json";

    @Override
    public Optional<KeptSession> read() throws IOException {
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

    @Override
    public void write(KeptSession session) throws IOException {
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
                                .put("cluster_id", session.clusterId())
                                .put("broker_id", session.brokerId())
                                .put("session_id", session.sessionId())
                                .put("password", session.password())));
        Files.move(
                fresh,
                directory.resolve(FILE),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void forget() throws IOException {
        Files.deleteIfExists(directory.resolve(FILE));
    }
}
