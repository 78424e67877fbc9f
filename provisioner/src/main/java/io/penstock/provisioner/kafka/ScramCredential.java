package io.penstock.provisioner.kafka;

/**
 * A credential as it is made; afterwards nobody but its owner knows the password.
 *
 * @param password 32 characters
 */
public record ScramCredential(String username, String password) {
    /** Without the password, so that it cannot turn up in a log. */
    @Override
    public String toString() {
        return "ScramCredential[username=" + username + ", password=hidden]";
    }
}
