package io.penstock.broker.security;

import io.penstock.broker.network.Authenticator;

import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

import java.util.Optional;

/** Without SASL: the transport alone says who it is, a certificate's subject or nobody. */
record TransportAuthenticator(Optional<KafkaPrincipal> principal) implements Authenticator {

    @Override
    public SaslHandshakeResponseData handshake(SaslHandshakeRequestData request, short version) {
        return new SaslHandshakeResponseData().setErrorCode(Errors.ILLEGAL_SASL_STATE.code());
    }

    @Override
    public SaslAuthenticateResponseData authenticate(SaslAuthenticateRequestData request) {
        return new SaslAuthenticateResponseData()
                .setErrorCode(Errors.ILLEGAL_SASL_STATE.code())
                .setErrorMessage("This listener does without SASL.");
    }

    @Override
    public void close() {}
}
