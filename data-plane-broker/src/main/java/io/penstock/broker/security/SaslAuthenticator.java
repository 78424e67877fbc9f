package io.penstock.broker.security;

import io.penstock.broker.network.Authenticator;
import io.penstock.broker.time.Clock;

import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

import javax.security.sasl.SaslException;

/**
 * SASL with SCRAM, tokens in SaslAuthenticate requests (KIP-152). A session may have an end, before
 * which the client authenticates again as the same principal (KIP-368). Every failure reads the
 * same to the client.
 */
final class SaslAuthenticator implements Authenticator {

    private final List<String> mechanisms;
    private final long maxSessionMillis;
    private final ScramCredentials credentials;
    private final Clock clock;

    private State state = new State.Unknown();

    /** How far the client has come. */
    private sealed interface State {
        record Unknown() implements State {}

        record Exchanging(
                ScramMechanism mechanism, ScramExchange scram, Optional<KafkaPrincipal> before)
                implements State {}

        /**
         * @param endNanos monotonic time at which the session ends, if ever
         */
        record Authenticated(KafkaPrincipal principal, OptionalLong endNanos) implements State {}

        record Failed() implements State {}
    }

    SaslAuthenticator(
            List<String> mechanisms,
            long maxSessionMillis,
            ScramCredentials credentials,
            Clock clock) {
        this.mechanisms = mechanisms;
        this.maxSessionMillis = maxSessionMillis;
        this.credentials = credentials;
        this.clock = clock;
    }

    @Override
    public Optional<KafkaPrincipal> principal() {
        return state instanceof State.Authenticated(KafkaPrincipal principal, OptionalLong end)
                        && (end.isEmpty() || clock.monotonicNanos() - end.getAsLong() < 0)
                ? Optional.of(principal)
                : Optional.empty();
    }

    @Override
    public SaslHandshakeResponseData handshake(SaslHandshakeRequestData request, short version) {
        SaslHandshakeResponseData response =
                new SaslHandshakeResponseData().setMechanisms(mechanisms);
        if (version == 0) {
            // Version 0 announces bare tokens without a Kafka header, which nothing has sent since
            // SaslAuthenticate exists.
            return response.setErrorCode(Errors.UNSUPPORTED_VERSION.code());
        }
        Optional<KafkaPrincipal> before =
                switch (state) {
                    case State.Unknown ignored -> Optional.empty();
                    case State.Authenticated authenticated ->
                            Optional.of(authenticated.principal());
                    case State.Exchanging ignored -> null;
                    case State.Failed ignored -> null;
                };
        if (before == null) {
            return response.setErrorCode(Errors.ILLEGAL_SASL_STATE.code());
        }
        ScramMechanism mechanism = ScramMechanism.forMechanismName(request.mechanism());
        if (mechanism == null || !mechanisms.contains(request.mechanism())) {
            return response.setErrorCode(Errors.UNSUPPORTED_SASL_MECHANISM.code());
        }
        var scram = new ScramExchange(mechanism, user -> credentials.find(user, mechanism));
        state = new State.Exchanging(mechanism, scram, before);
        return response;
    }

    @Override
    public SaslAuthenticateResponseData authenticate(SaslAuthenticateRequestData request) {
        if (!(state instanceof State.Exchanging exchange)) {
            return new SaslAuthenticateResponseData()
                    .setErrorCode(Errors.ILLEGAL_SASL_STATE.code())
                    .setErrorMessage("SaslAuthenticate without a SaslHandshake before it.");
        }
        try {
            SaslAuthenticateResponseData response =
                    new SaslAuthenticateResponseData()
                            .setAuthBytes(exchange.scram().answer(request.authBytes()));
            return exchange.scram().isProven() ? complete(exchange, response) : response;
        } catch (SaslException e) {
            return fail(exchange);
        }
    }

    private SaslAuthenticateResponseData complete(
            State.Exchanging exchange, SaslAuthenticateResponseData response) {
        KafkaPrincipal principal =
                new KafkaPrincipal(KafkaPrincipal.USER_TYPE, exchange.scram().user());
        if (exchange.before().filter(before -> !before.equals(principal)).isPresent()) {
            return fail(exchange);
        }
        OptionalLong end =
                maxSessionMillis > 0
                        ? OptionalLong.of(
                                clock.monotonicNanos()
                                        + TimeUnit.MILLISECONDS.toNanos(maxSessionMillis))
                        : OptionalLong.empty();
        state = new State.Authenticated(principal, end);
        return response.setSessionLifetimeMs(Math.max(0, maxSessionMillis));
    }

    private SaslAuthenticateResponseData fail(State.Exchanging exchange) {
        state = new State.Failed();
        return new SaslAuthenticateResponseData()
                .setErrorCode(Errors.SASL_AUTHENTICATION_FAILED.code())
                .setErrorMessage(
                        "Authentication failed during authentication due to invalid credentials"
                                + " with SASL mechanism "
                                + exchange.mechanism().mechanismName());
    }

    @Override
    public void close() {
        state = new State.Failed();
    }
}
