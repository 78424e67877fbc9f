package io.penstock.broker.app;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.File;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Set;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.security.auth.x500.X500Principal;

/** Mutual TLS of the management port, with the node's own identity. */
final class ManagementTls {

    private static final Logger LOG = LoggerFactory.getLogger(ManagementTls.class);

    /** Who may ask a node: the organizational unit of the certificate's subject. */
    private static final Set<String> ADMITTED_UNITS = Set.of("control-plane", "broker");

    private ManagementTls() {}

    /**
     * @param keyStore PEM with the private key (PKCS #8) and the certificate chain
     * @param authority PEM with the certificates of who signs clients
     * @throws StartException when a file cannot be used
     */
    static SslContext server(Path keyStore, Path authority) {
        try {
            File store = keyStore.toFile();
            // Few connections and no bulk data: the JDK's own TLS does, and needs no native code.
            return SslContextBuilder.forServer(store, store)
                    .trustManager(authority.toFile())
                    .clientAuth(ClientAuth.REQUIRE)
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new StartException(
                    "the management port cannot use the identity in "
                            + keyStore
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Lets a connection through once its client's certificate names one who may ask. */
    static final class ClientGate extends ChannelInboundHandlerAdapter {

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event)
                throws Exception {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess() && isAdmitted(context)) {
                    context.pipeline().remove(this);
                } else {
                    context.close();
                    return;
                }
            }
            super.userEventTriggered(context, event);
        }

        private static boolean isAdmitted(ChannelHandlerContext context)
                throws SSLPeerUnverifiedException {
            var session = context.pipeline().get(SslHandler.class).engine().getSession();
            X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
            X500Principal subject = certificate.getSubjectX500Principal();
            boolean isAdmitted = ADMITTED_UNITS.contains(organizationalUnit(subject));
            if (!isAdmitted) {
                LOG.warn("The management port refuses {}", subject);
            }
            return isAdmitted;
        }
    }

    /** The subject's OU; empty when it has none, or not exactly one. */
    static String organizationalUnit(X500Principal subject) {
        try {
            var units =
                    new LdapName(subject.getName(X500Principal.RFC2253))
                            .getRdns().stream()
                                    .filter(rdn -> rdn.getType().equalsIgnoreCase("OU"))
                                    .map(rdn -> rdn.getValue().toString())
                                    .toList();
            return units.size() == 1 ? units.getFirst() : "";
        } catch (InvalidNameException e) {
            return "";
        }
    }
}
