package io.penstock.controlplane.access;

import io.penstock.controlplane.api.Answer;
import io.penstock.controlplane.api.PageRequest;
import io.penstock.controlplane.api.ProblemException;
import io.penstock.controlplane.api.Violations;
import io.penstock.controlplane.platform.ClusterClient;
import io.penstock.controlplane.platform.ClusterClients;
import io.penstock.controlplane.platform.Identifiers;
import io.quarkus.narayana.jta.QuarkusTransaction;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Credentials of applications. A principal may have several, for rotation; each is a user of its
 * own in the cluster, named after the principal and the end of the credential's id.
 */
@ApplicationScoped
public class Credentials {
    private static final Pattern PRINCIPAL = Pattern.compile("[a-z]([a-z0-9-]{0,38}[a-z0-9])?");
    private static final Pattern PREFIX = Pattern.compile("[a-zA-Z0-9._-]{0,249}");
    private static final int PER_PRINCIPAL = 5;
    private static final int SUFFIX = 8;

    private static final Logger LOG = Logger.getLogger(Credentials.class);

    private final ClusterClients clients;
    private final Identifiers identifiers;

    Credentials(ClusterClients clients, Identifiers identifiers) {
        this.clients = clients;
        this.identifiers = identifiers;
    }

    PrincipalList principals(String clusterId, PageRequest page) {
        List<Object[]> rows =
                QuarkusTransaction.joiningExisting()
                        .call(
                                () ->
                                        CredentialEntity.getEntityManager()
                                                .createQuery(
                                                        "select c.principal, count(c) from CredentialEntity c"
                                                                + " where c.clusterId = ?1 and c.principal > ?2"
                                                                + " group by c.principal order by c.principal",
                                                        Object[].class)
                                                .setParameter(1, clusterId)
                                                .setParameter(
                                                        2, page.after() == null ? "" : page.after())
                                                .setMaxResults(page.oneMore())
                                                .getResultList());
        var result = page.page(rows, row -> (String) row[0]);
        return new PrincipalList(
                result.items().stream()
                        .map(
                                row ->
                                        new PrincipalList.Principal(
                                                (String) row[0], ((Number) row[1]).intValue()))
                        .toList(),
                result.nextPageToken());
    }

    CredentialList list(String clusterId, String principal, PageRequest page) {
        List<CredentialEntity> rows =
                QuarkusTransaction.joiningExisting()
                        .call(
                                () ->
                                        CredentialEntity.<CredentialEntity>find(
                                                        "clusterId = ?1 and principal = ?2 and id < ?3"
                                                                + " order by id desc",
                                                        clusterId,
                                                        principal,
                                                        page.after() == null ? "~" : page.after())
                                                .page(0, page.oneMore())
                                                .list());
        var result = page.page(rows, row -> row.id);
        return new CredentialList(
                result.items().stream().map(CredentialEntity::view).toList(),
                result.nextPageToken());
    }

    /**
     * The row is there before the cluster's user, so that no user exists which nobody could revoke;
     * a cluster that refuses leaves neither behind.
     */
    Answer create(String clusterId, String principal, NewCredential body) {
        var prefix = body.prefix() == null ? "" : body.prefix();
        check(principal, body.preset(), prefix);
        var client = clients.of(clusterId);
        var credential =
                QuarkusTransaction.requiringNew()
                        .call(() -> persist(clusterId, principal, body.preset(), prefix));
        try {
            var password = client.createCredential(credential.username, credential.preset, prefix);
            return Answer.createdOnce(credential.viewOnce(password));
        } catch (RuntimeException e) {
            withdraw(client, credential);
            throw e;
        }
    }

    /** In the caller's transaction. Requests for one principal count one after another. */
    private CredentialEntity persist(
            String clusterId, String principal, Preset preset, String prefix) {
        CredentialEntity.getEntityManager()
                .createNativeQuery(
                        "select cast(pg_advisory_xact_lock(hashtextextended(?1, 0)) as text)")
                .setParameter(1, clusterId + "/" + principal)
                .getSingleResult();
        long live =
                CredentialEntity.count("clusterId = ?1 and principal = ?2", clusterId, principal);
        if (live >= PER_PRINCIPAL) {
            throw ProblemException.conflict(
                    "quota_exceeded",
                    "A principal has at most %d credentials: delete one first"
                            .formatted(PER_PRINCIPAL));
        }
        var credential = new CredentialEntity();
        credential.id = identifiers.next("crd");
        credential.clusterId = clusterId;
        credential.principal = principal;
        credential.preset = preset;
        credential.prefix = prefix;
        credential.username =
                principal + "-" + credential.id.substring(credential.id.length() - SUFFIX);
        credential.createdAt = Instant.now().truncatedTo(ChronoUnit.MICROS);
        credential.persist();
        CredentialEntity.flush();
        return credential;
    }

    /** A call that timed out may have made the user: the row goes only when the user is gone. */
    private static void withdraw(ClusterClient client, CredentialEntity credential) {
        try {
            client.deleteCredential(credential.username);
            QuarkusTransaction.requiringNew().run(() -> CredentialEntity.deleteById(credential.id));
        } catch (ProblemException stillUnavailable) {
            LOG.infof(
                    "Credential %s stays listed until it is deleted: %s",
                    credential.id, stillUnavailable.getMessage());
        }
    }

    void delete(String clusterId, String principal, String id) {
        var username =
                QuarkusTransaction.requiringNew()
                        .call(() -> find(clusterId, principal, id).username);
        clients.of(clusterId).deleteCredential(username);
        QuarkusTransaction.requiringNew().run(() -> CredentialEntity.deleteById(id));
    }

    /** Forgets a deleted cluster's credentials, in the caller's transaction. */
    public void forget(String clusterId) {
        CredentialEntity.delete("clusterId", clusterId);
    }

    private static CredentialEntity find(String clusterId, String principal, String id) {
        return CredentialEntity.<CredentialEntity>find(
                        "clusterId = ?1 and principal = ?2 and id = ?3", clusterId, principal, id)
                .firstResultOptional()
                .orElseThrow(() -> ProblemException.notFound("credential"));
    }

    private static void check(String principal, Preset preset, String prefix) {
        var violations = new Violations();
        violations.require(
                PRINCIPAL.matcher(principal).matches(),
                "/principal",
                "A principal must be 1 to 40 lower-case letters, digits and hyphens, begin with a letter"
                        + " and not end with a hyphen");
        violations.require(preset != null, "/preset", "preset must be producer, consumer or admin");
        violations.require(
                PREFIX.matcher(prefix).matches(),
                "/prefix",
                "prefix must be at most 249 letters, digits, dots, hyphens and underscores");
        violations.throwIfAny();
    }
}
