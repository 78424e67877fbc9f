package io.penstock.broker.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.scram.internals.ScramMessages.ClientFinalMessage;
import org.apache.kafka.common.security.scram.internals.ScramMessages.ClientFirstMessage;
import org.apache.kafka.common.security.scram.internals.ScramMessages.ServerFinalMessage;
import org.apache.kafka.common.security.scram.internals.ScramMessages.ServerFirstMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

import javax.security.sasl.SaslException;

class ScramExchangeTest {
    private static final byte[] NO_BINDING = "n,,".getBytes(StandardCharsets.UTF_8);
    private static final BinaryOperator<String> AS_SENT = (client, server) -> server;

    @ParameterizedTest
    @EnumSource(ScramMechanism.class)
    void thePasswordProvesTheUserAndTheServerProvesThatItKnowsIt(ScramMechanism mechanism)
            throws Exception {
        var client = new Client(mechanism, "ada", "correct");

        var exchange = client.exchange("correct");
        byte[] answer = client.run(exchange, AS_SENT, NO_BINDING);

        assertThat(exchange.isProven()).isTrue();
        assertThat(exchange.user()).isEqualTo("ada");
        assertThat(new ServerFinalMessage(answer).serverSignature())
                .isEqualTo(client.expectedServerSignature);
    }

    @Test
    void aWrongPasswordProvesNothing() throws Exception {
        var client = new Client(ScramMechanism.SCRAM_SHA_512, "ada", "wrong");
        var exchange = client.exchange("correct");

        assertThatThrownBy(() -> client.run(exchange, AS_SENT, NO_BINDING))
                .isInstanceOf(SaslException.class);
        assertThat(exchange.isProven()).isFalse();
        assertThatThrownBy(() -> exchange.answer(new byte[0])).isInstanceOf(SaslException.class);
    }

    @Test
    void aClientThatRepeatsItsPartOfTheNonceIsServed() throws Exception {
        var client = new Client(ScramMechanism.SCRAM_SHA_512, "ada", "correct");
        var exchange = client.exchange("correct");

        client.run(exchange, (own, server) -> own + server, NO_BINDING);

        assertThat(exchange.isProven()).isTrue();
    }

    @Test
    void anyOtherNonceIsRefused() throws Exception {
        var client = new Client(ScramMechanism.SCRAM_SHA_512, "ada", "correct");

        for (BinaryOperator<String> forged :
                List.<BinaryOperator<String>>of(
                        (own, server) -> own,
                        (own, server) -> "x" + server,
                        (own, server) -> server + "x",
                        (own, server) -> server.substring(own.length()))) {
            var exchange = client.exchange("correct");
            assertThatThrownBy(() -> client.run(exchange, forged, NO_BINDING))
                    .hasMessageContaining("nonce");
        }
    }

    @Test
    void aChannelBindingThatWasNotAnnouncedIsRefused() throws Exception {
        var client = new Client(ScramMechanism.SCRAM_SHA_512, "ada", "correct");
        var exchange = client.exchange("correct");

        assertThatThrownBy(
                        () -> client.run(exchange, AS_SENT, "y,,".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("channel binding");
    }

    /** A client that computes a true proof for whatever it sends. */
    private static final class Client {
        private final ScramMechanism mechanism;
        private final ScramFormatter formatter;
        private final String user;
        private final String password;
        private byte[] expectedServerSignature;

        Client(ScramMechanism mechanism, String user, String password) throws Exception {
            this.mechanism = mechanism;
            this.formatter = new ScramFormatter(mechanism);
            this.user = user;
            this.password = password;
        }

        ScramExchange exchange(String storedPassword) {
            ScramCredential stored = formatter.generateCredential(storedPassword, 4096);
            return new ScramExchange(mechanism, name -> stored);
        }

        byte[] run(ScramExchange exchange, BinaryOperator<String> nonce, byte[] binding)
                throws Exception {
            var first = new ClientFirstMessage(user, formatter.secureRandomString(), Map.of());
            var challenge = new ServerFirstMessage(exchange.answer(first.toBytes()));
            var last =
                    new ClientFinalMessage(binding, nonce.apply(first.nonce(), challenge.nonce()));
            byte[] salted =
                    formatter.saltedPassword(password, challenge.salt(), challenge.iterations());
            last.proof(formatter.clientProof(salted, first, challenge, last));
            expectedServerSignature =
                    formatter.serverSignature(formatter.serverKey(salted), first, challenge, last);
            return exchange.answer(last.toBytes());
        }
    }
}
