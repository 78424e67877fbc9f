package io.penstock.controlplane.platform;

import io.agroal.api.AgroalDataSource;
import io.penstock.controlplane.api.ProblemException;
import io.penstock.controlplane.api.Violations;
import io.penstock.controlplane.tenancy.TenantScope;
import io.penstock.provisioner.nodes.NodeProperties;
import io.penstock.provisioner.pki.ClusterAuthority;
import io.penstock.provisioner.pki.EnrolmentToken;
import io.penstock.provisioner.pki.InvalidSigningRequestException;
import io.penstock.provisioner.pki.NodeIdentity;
import io.quarkus.agroal.DataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Gives a node its certificate and properties for its one-time token. The first request binds the
 * token to its public key: the same key gets the same answer again, another key none.
 */
@ApplicationScoped
public class Enrolment {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,64}");
    private final AgroalDataSource engine;
    private final EntityManager entities;
    private final ClusterAccess.Source clusters;

    /** What a node sends; its subject and names are not for it to say. */
    public record Request(
            String clusterId, String nodeName, Integer incarnation, String token, String csr) {
        /** Without the token, so that the request may turn up in a log. */
        @Override
        public String toString() {
            return "Request[%s %s %s]".formatted(clusterId, nodeName, incarnation);
        }
    }

    public record Identity(String certificate, String ca, Map<String, String> properties) {}

    private record Bound(
            byte[] tokenHash, Instant expiresAt, byte[] publicKeyHash, String certificate) {}

    Enrolment(
            @DataSource("engine") AgroalDataSource engine,
            EntityManager entities,
            ClusterAccess.Source clusters) {
        this.engine = engine;
        this.entities = entities;
        this.clusters = clusters;
    }

    public Identity enrol(Request request) {
        var violations = new Violations();
        violations.require(request.clusterId() != null, "/cluster_id", "cluster_id is required");
        violations.require(request.nodeName() != null, "/node_name", "node_name is required");
        violations.require(
                request.incarnation() != null, "/incarnation", "incarnation is required");
        violations.require(request.token() != null, "/token", "token is required");
        violations.require(request.csr() != null, "/csr", "csr is required");
        violations.throwIfAny();
        if (!NAME.matcher(request.clusterId()).matches()
                || !NAME.matcher(request.nodeName()).matches()) {
            throw refused();
        }
        var tenant = tenantOf(request.clusterId()).orElseThrow(Enrolment::refused);
        return TenantScope.asTenant(
                tenant, () -> QuarkusTransaction.requiringNew().call(() -> enrolLocked(request)));
    }

    private Identity enrolLocked(Request request) {
        var bound = lock(request).orElseThrow(Enrolment::refused);
        if (!new EnrolmentToken(request.token()).matches(bound.tokenHash())) {
            throw refused();
        }
        byte[] keyHash;
        try {
            keyHash = hash(ClusterAuthority.requestedKey(request.csr()));
        } catch (InvalidSigningRequestException e) {
            throw ProblemException.invalid("/csr", e.getMessage());
        }
        var access = clusters.of(request.clusterId());
        var node = access.layout().node(request.nodeName());
        var certificate = bound.certificate();
        if (certificate != null) {
            if (!MessageDigest.isEqual(keyHash, bound.publicKeyHash())) {
                throw ProblemException.forbidden(
                        "token_bound", "The token belongs to another key: it was used before");
            }
        } else {
            if (bound.expiresAt().isBefore(Instant.now())) {
                throw refused();
            }
            certificate = sign(access, request, node.address(), node.role());
            bind(request, keyHash, certificate);
        }
        return new Identity(
                certificate,
                access.authority().certificatePem(),
                NodeProperties.of(access.layout(), request.nodeName()));
    }

    private static String sign(
            ClusterAccess access,
            Request request,
            String address,
            io.penstock.provisioner.nodes.NodeRole role) {
        try {
            return access.authority()
                    .sign(
                            request.csr(),
                            new NodeIdentity(
                                    request.clusterId(),
                                    request.nodeName(),
                                    role,
                                    address,
                                    List.of()));
        } catch (InvalidSigningRequestException e) {
            throw ProblemException.invalid("/csr", e.getMessage());
        }
    }

    private Optional<Bound> lock(Request request) {
        @SuppressWarnings("unchecked")
        List<Object[]> rows =
                entities.createNativeQuery(
                                "select t.token_hash, t.expires_at, t.public_key_hash, t.certificate"
                                        + " from enrolment_token t join node n on n.cluster_id = t.cluster_id"
                                        + " and n.name = t.node_name and n.incarnation = t.incarnation"
                                        + " where t.cluster_id = ?1 and t.node_name = ?2 and t.incarnation = ?3"
                                        + " for update of t")
                        .setParameter(1, request.clusterId())
                        .setParameter(2, request.nodeName())
                        .setParameter(3, request.incarnation())
                        .getResultList();
        return rows.stream()
                .findFirst()
                .map(
                        row ->
                                new Bound(
                                        (byte[]) row[0],
                                        instant(row[1]),
                                        (byte[]) row[2],
                                        (String) row[3]));
    }

    private static Instant instant(Object value) {
        return value instanceof Instant instant
                ? instant
                : ((java.time.OffsetDateTime) value).toInstant();
    }

    private void bind(Request request, byte[] keyHash, String certificate) {
        entities.createNativeQuery(
                        "update enrolment_token set public_key_hash = ?1, certificate = ?2"
                                + " where cluster_id = ?3 and node_name = ?4 and incarnation = ?5")
                .setParameter(1, keyHash)
                .setParameter(2, certificate)
                .setParameter(3, request.clusterId())
                .setParameter(4, request.nodeName())
                .setParameter(5, request.incarnation())
                .executeUpdate();
        entities.createNativeQuery(
                        "update node set state = 'ENROLLED'"
                                + " where cluster_id = ?1 and name = ?2 and state = 'PENDING'")
                .setParameter(1, request.clusterId())
                .setParameter(2, request.nodeName())
                .executeUpdate();
    }

    private Optional<String> tenantOf(String clusterId) {
        try (var connection = engine.getConnection();
                var statement =
                        connection.prepareStatement(
                                "select tenant from cluster where id = ? and deleted_at is null")) {
            statement.setString(1, clusterId);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot look up a cluster", e);
        }
    }

    private static byte[] hash(PublicKey key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    /** The same for all reasons, so that nothing can be found out by trying. */
    private static ProblemException refused() {
        return ProblemException.forbidden("token_refused", "The token is unknown or has expired");
    }
}
