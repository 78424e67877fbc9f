package io.penstock.broker.app;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.penstock.broker.config.TlsSettings;
import io.penstock.broker.config.TlsSettings.ClientAuthentication;
import io.penstock.broker.network.TlsContexts;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.security.auth.x500.X500Principal;

/** Mutual TLS of the management port, with the node's own identity. */
final class ManagementTls {

    private static final Logger LOG = LoggerFactory.getLogger(ManagementTls.class);

    /** Who may ask a node: the organizational unit of the certificate's subject. */
    private static final Set<String> ADMITTED_UNITS = Set.of("control-plane", "broker");

    private ManagementTls() {}

    /**
     * @param settings of the node, whose demand for certificates is overridden: all must show one
     */
    static SslContext server(TlsSettings settings) {
        return TlsContexts.server(
                new TlsSettings(
                        settings.keystore(),
                        settings.truststore(),
                        settings.keyPassword(),
                        ClientAuthentication.REQUIRED,
                        settings.protocols(),
                        settings.cipherSuites()));
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
            List<String> units = organizationalUnits(certificate.getSubjectX500Principal());
            boolean isAdmitted = units.size() == 1 && ADMITTED_UNITS.contains(units.getFirst());
            if (!isAdmitted) {
                LOG.warn("The management port refuses {}", certificate.getSubjectX500Principal());
            }
            return isAdmitted;
        }
    }

    private static List<String> organizationalUnits(X500Principal subject) {
        try {
            return new LdapName(subject.getName(X500Principal.RFC2253))
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("OU"))
                            .map(rdn -> rdn.getValue().toString())
                            .toList();
        } catch (InvalidNameException e) {
            return List.of();
        }
    }
}
