package io.penstock.broker.controller;

import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataRecord;

import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** SCRAM credentials (KIP-554). A user's changes are all made or none. */
final class ScramDecisions {

    private static final int MIN_ITERATIONS = 4_096;
    private static final int MAX_ITERATIONS = 16_384;

    private ScramDecisions() {}

    static Decision alter(ClusterImage image, AlterUserScramCredentialsRequestData request) {
        Map<String, List<Change>> byUser = new LinkedHashMap<>();
        request.deletions()
                .forEach(
                        d ->
                                byUser.computeIfAbsent(d.name(), n -> new ArrayList<>())
                                        .add(new Delete(d)));
        request.upsertions()
                .forEach(
                        u ->
                                byUser.computeIfAbsent(u.name(), n -> new ArrayList<>())
                                        .add(new Upsert(u)));
        AlterUserScramCredentialsResponseData response =
                new AlterUserScramCredentialsResponseData();
        List<MetadataRecord> records = new ArrayList<>();
        byUser.forEach(
                (user, changes) -> {
                    var result = new AlterUserScramCredentialsResult().setUser(user);
                    try {
                        records.addAll(changesOf(image, user, changes));
                    } catch (Refusal refusal) {
                        result.setErrorCode(refusal.error().code())
                                .setErrorMessage(refusal.getMessage());
                    }
                    response.results().add(result);
                });
        return Decision.of(records, response);
    }

    private sealed interface Change {
        byte mechanism();
    }

    private record Delete(ScramCredentialDeletion request) implements Change {
        @Override
        public byte mechanism() {
            return request.mechanism();
        }
    }

    private record Upsert(ScramCredentialUpsertion request) implements Change {
        @Override
        public byte mechanism() {
            return request.mechanism();
        }
    }

    private static List<MetadataRecord> changesOf(
            ClusterImage image, String user, List<Change> changes) throws Refusal {
        if (user.isEmpty()) {
            throw Refusal.of(Errors.UNACCEPTABLE_CREDENTIAL, "a user's name must not be empty");
        }
        List<MetadataRecord> records = new ArrayList<>();
        Set<Byte> mechanisms = new HashSet<>();
        for (Change change : changes) {
            ScramMechanism mechanism = ScramMechanism.fromType(change.mechanism());
            if (mechanism == ScramMechanism.UNKNOWN) {
                throw Refusal.of(
                        Errors.UNSUPPORTED_SASL_MECHANISM,
                        "known are SCRAM-SHA-256 and SCRAM-SHA-512");
            }
            if (!mechanisms.add(change.mechanism())) {
                throw Refusal.of(
                        Errors.DUPLICATE_RESOURCE,
                        "the request changes the user's " + mechanism.mechanismName() + " twice");
            }
            Optional<ScramCredential> credential =
                    switch (change) {
                        case Delete d -> {
                            boolean exists =
                                    image.scram()
                                            .getOrDefault(user, Map.of())
                                            .containsKey(mechanism.mechanismName());
                            if (!exists) {
                                throw Refusal.of(
                                        Errors.RESOURCE_NOT_FOUND,
                                        "the user has no "
                                                + mechanism.mechanismName()
                                                + " credential");
                            }
                            yield Optional.empty();
                        }
                        case Upsert u -> Optional.of(credential(mechanism, u.request()));
                    };
            records.add(
                    new MetadataRecord.ScramChanged(user, mechanism.mechanismName(), credential));
        }
        return records;
    }

    private static ScramCredential credential(
            ScramMechanism mechanism, ScramCredentialUpsertion request) throws Refusal {
        if (request.iterations() < MIN_ITERATIONS || request.iterations() > MAX_ITERATIONS) {
            throw Refusal.of(
                    Errors.UNACCEPTABLE_CREDENTIAL,
                    "iterations must be from "
                            + MIN_ITERATIONS
                            + " to "
                            + MAX_ITERATIONS
                            + ", but are "
                            + request.iterations());
        }
        if (request.salt().length == 0 || request.saltedPassword().length == 0) {
            throw Refusal.of(Errors.UNACCEPTABLE_CREDENTIAL, "salt and password must not be empty");
        }
        try {
            ScramFormatter formatter =
                    new ScramFormatter(
                            org.apache.kafka.common.security.scram.internals.ScramMechanism
                                    .forMechanismName(mechanism.mechanismName()));
            byte[] salted = request.saltedPassword();
            return new ScramCredential(
                    request.salt(),
                    formatter.storedKey(formatter.clientKey(salted)),
                    formatter.serverKey(salted),
                    request.iterations());
        } catch (GeneralSecurityException e) {
            throw Refusal.of(
                    Errors.UNSUPPORTED_SASL_MECHANISM,
                    "this broker's Java has no " + mechanism.mechanismName());
        }
    }
}
