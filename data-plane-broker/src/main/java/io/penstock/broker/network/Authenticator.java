package io.penstock.broker.network;

import io.penstock.broker.config.ListenerSettings;

import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

import java.util.Optional;

import javax.security.auth.x500.X500Principal;

/** Finds out who is at the other end of one connection. Used on that connection's loop only. */
public interface Authenticator {

    /** Makes the authenticator of each new connection, once any TLS handshake is done. */
    interface Factory {
        /**
         * @param certificateSubject of the client's certificate, if it showed one
         */
        Authenticator create(ListenerSettings listener, Optional<X500Principal> certificateSubject);
    }

    /** Empty until the connection is authenticated, and after its session has expired. */
    Optional<KafkaPrincipal> principal();

    SaslHandshakeResponseData handshake(SaslHandshakeRequestData request, short version);

    SaslAuthenticateResponseData authenticate(SaslAuthenticateRequestData request);

    /** Drops what an unfinished exchange holds. */
    void close();
}
