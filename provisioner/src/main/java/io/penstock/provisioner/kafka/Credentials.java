package io.penstock.provisioner.kafka;

import static io.penstock.provisioner.kafka.Answers.await;
import static io.penstock.provisioner.kafka.Answers.awaitUnless;
import static io.penstock.provisioner.kafka.ClusterAdmin.CALL_LIMIT;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.ResourceNotFoundException;
import org.apache.kafka.common.resource.ResourcePatternFilter;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** SCRAM credentials of a cluster, each with the ACLs of its preset. */
public final class Credentials {
    /** Usernames cannot hold a character that a super user's principal needs. */
    private static final Pattern USERNAME = Pattern.compile("[a-z0-9-]{1,64}");

    private static final int ITERATIONS = 8192;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Admin admin;

    Credentials(Admin admin) {
        this.admin = admin;
    }

    /**
     * Makes the user with a new password and gives it the preset's rights. Done again, it gets
     * another password and the same rights. The rights come first, so that a client that can sign
     * in also may do its work.
     *
     * @param prefix of the names of topics, groups and transactional ids; empty: all of them
     * @throws IllegalArgumentException when the username is none
     */
    public ScramCredential create(String username, CredentialPreset preset, String prefix)
            throws InterruptedException {
        requireUsername(username);
        await(
                admin.createAcls(preset.bindings(username, prefix)).all(),
                CALL_LIMIT,
                "creating the credential's ACLs");
        ScramCredential credential = new ScramCredential(username, newPassword());
        byte[] salt = new byte[24];
        RANDOM.nextBytes(salt);
        await(
                admin.alterUserScramCredentials(
                                List.of(
                                        new UserScramCredentialUpsertion(
                                                username,
                                                new ScramCredentialInfo(
                                                        ScramMechanism.SCRAM_SHA_512, ITERATIONS),
                                                credential
                                                        .password()
                                                        .getBytes(StandardCharsets.UTF_8),
                                                salt)))
                        .all(),
                CALL_LIMIT,
                "creating the credential");
        return credential;
    }

    /**
     * Removes the user and all of its rights; no matter whether it was there. Sign-in ends first.
     */
    public void delete(String username) throws InterruptedException {
        requireUsername(username);
        awaitUnless(
                ResourceNotFoundException.class,
                admin.alterUserScramCredentials(
                                List.of(
                                        new UserScramCredentialDeletion(
                                                username, ScramMechanism.SCRAM_SHA_512)))
                        .all()
                        .thenApply(nothing -> true),
                CALL_LIMIT,
                "deleting the credential");
        AclBindingFilter all =
                new AclBindingFilter(
                        ResourcePatternFilter.ANY,
                        new AccessControlEntryFilter(
                                "User:" + username, null, AclOperation.ANY, AclPermissionType.ANY));
        await(admin.deleteAcls(List.of(all)).all(), CALL_LIMIT, "deleting the credential's ACLs");
    }

    private static void requireUsername(String username) {
        if (!USERNAME.matcher(username).matches()) {
            throw new IllegalArgumentException(
                    "a username matches " + USERNAME + ", not: " + username);
        }
    }

    /**
     * 24 random bytes in 32 characters that need no escaping in properties files, URLs or shells.
     */
    private static String newPassword() {
        byte[] bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
