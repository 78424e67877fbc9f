package io.penstock.provisioner.terraform;

import io.penstock.provisioner.nodes.ClusterLayout;
import io.penstock.provisioner.nodes.NodePlacement;
import io.penstock.provisioner.pki.EnrolmentToken;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a platform module gets to know to bring up a cluster.
 *
 * @param tokens by node name; every node of the layout needs one, a repeated apply the same
 * @param enrolUrl where nodes post their certificate requests
 * @param enrolCaSha256 SHA-256 of the DER of the authority that signed the enrolment port's
 *     certificate, in lower-case hexadecimal
 * @param javaHome the JDK that local nodes run on
 */
public record PlatformInput(
        ClusterLayout layout,
        Map<String, EnrolmentToken> tokens,
        String enrolUrl,
        String enrolCaSha256,
        Path javaHome) {
    public PlatformInput {
        tokens = Map.copyOf(tokens);
        for (NodePlacement node : layout.nodes()) {
            if (!tokens.containsKey(node.name())) {
                throw new IllegalArgumentException("no enrolment token for " + node.name());
            }
        }
        if (!enrolCaSha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not a SHA-256 in hexadecimal: " + enrolCaSha256);
        }
    }
}
