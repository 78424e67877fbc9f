package io.penstock.provisioner.pki;

import java.security.KeyPair;

/** Enrols as a node does: its key is its own, its certificate the authority's. */
public final class TestNodes {
    private TestNodes() {}

    public static PemIdentity enrol(ClusterAuthority authority, NodeIdentity node)
            throws Exception {
        KeyPair pair = ClusterAuthorityTest.keyPair("secp256r1");
        String certificate = authority.sign(ClusterAuthorityTest.request(pair, "CN=anybody"), node);
        return new PemIdentity(Pem.of(pair.getPrivate()), certificate);
    }
}
