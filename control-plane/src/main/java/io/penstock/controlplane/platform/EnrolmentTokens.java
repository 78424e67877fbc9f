package io.penstock.controlplane.platform;

import io.penstock.controlplane.installation.Vault;
import io.penstock.provisioner.nodes.ClusterLayout;
import io.penstock.provisioner.nodes.NodePlacement;
import io.penstock.provisioner.pki.EnrolmentToken;
import io.quarkus.narayana.jta.QuarkusTransaction;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * One-time tokens of nodes. A token is derived from a stored nonce and the installation's key: a
 * step that is repeated hands out the same one, though the database holds only its hash.
 */
@ApplicationScoped
public class EnrolmentTokens {
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final int NONCE_LENGTH = 16;

    private final EntityManager entities;
    private final Vault vault;
    private final SecureRandom random = new SecureRandom();

    EnrolmentTokens(EntityManager entities, Vault vault) {
        this.entities = entities;
        this.vault = vault;
    }

    /** A token for each node, valid from now, in the current tenant. */
    public Map<String, EnrolmentToken> issue(ClusterLayout layout) {
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            Map<String, EnrolmentToken> tokens = new HashMap<>();
                            for (var node : layout.nodes()) {
                                tokens.put(node.name(), issue(layout.clusterId(), node));
                            }
                            return tokens;
                        });
    }

    /** Names of the nodes that have no certificate yet, in the current tenant. */
    public List<String> unenrolled(String clusterId) {
        return QuarkusTransaction.requiringNew()
                .call(
                        () -> {
                            @SuppressWarnings("unchecked")
                            List<String> names =
                                    entities.createNativeQuery(
                                                    "select node_name from enrolment_token"
                                                            + " where cluster_id = ?1 and certificate is null"
                                                            + " order by node_name",
                                                    String.class)
                                            .setParameter(1, clusterId)
                                            .getResultList();
                            return names;
                        });
    }

    /** Forgets a deleted cluster's tokens, in the caller's transaction. */
    public void forget(String clusterId) {
        entities.createNativeQuery("delete from enrolment_token where cluster_id = ?1")
                .setParameter(1, clusterId)
                .executeUpdate();
    }

    private EnrolmentToken issue(String clusterId, NodePlacement node) {
        var nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        var fresh = token(clusterId, node, nonce);
        entities.createNativeQuery(
                        "insert into enrolment_token"
                                + " (cluster_id, node_name, incarnation, tenant, nonce, token_hash, expires_at)"
                                + " select ?1, ?2, ?3, tenant, ?4, ?5, ?6 from cluster where id = ?1"
                                + " on conflict (cluster_id, node_name, incarnation)"
                                + " do update set expires_at = excluded.expires_at")
                .setParameter(1, clusterId)
                .setParameter(2, node.name())
                .setParameter(3, node.incarnation())
                .setParameter(4, nonce)
                .setParameter(5, fresh.hash())
                .setParameter(6, Instant.now().plus(LIFETIME))
                .executeUpdate();
        var stored =
                (byte[])
                        entities.createNativeQuery(
                                        "select nonce from enrolment_token"
                                                + " where cluster_id = ?1 and node_name = ?2 and incarnation = ?3",
                                        byte[].class)
                                .setParameter(1, clusterId)
                                .setParameter(2, node.name())
                                .setParameter(3, node.incarnation())
                                .getSingleResult();
        return token(clusterId, node, stored);
    }

    private EnrolmentToken token(String clusterId, NodePlacement node, byte[] nonce) {
        return new EnrolmentToken(
                vault.derive(
                        "enrolment/%s/%s/%d/%s"
                                .formatted(
                                        clusterId,
                                        node.name(),
                                        node.incarnation(),
                                        HexFormat.of().formatHex(nonce))));
    }
}
