package io.penstock.broker.security;

import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.scram.internals.ScramMessages.ClientFinalMessage;
import org.apache.kafka.common.security.scram.internals.ScramMessages.ClientFirstMessage;
import org.apache.kafka.common.security.scram.internals.ScramMessages.ServerFinalMessage;
import org.apache.kafka.common.security.scram.internals.ScramMessages.ServerFirstMessage;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Function;

import javax.security.sasl.SaslException;

/**
 * The server's side of one SCRAM exchange (RFC 5802), on Kafka's own messages and formulas.
 *
 * <p>It differs from Kafka's {@code ScramSaslServer} in one rule. The nonce of the client's last
 * message must be the one that the server sent. librdkafka before 2.6.1 puts its own part in front
 * of that once more, and the proof covers what it sent, so Kafka since 4.0 refuses every such
 * client. This server takes that one form as well: the whole of the server's nonce is in it, so a
 * proof of another exchange still fits nowhere.
 */
final class ScramExchange {

    private final ScramMechanism mechanism;
    private final ScramFormatter formatter;
    private final Function<String, ScramCredential> credentials;

    private State state = new State.AwaitingFirst();

    /** How far the exchange has come. */
    private sealed interface State {
        record AwaitingFirst() implements State {}

        record AwaitingFinal(
                String user,
                ScramCredential credential,
                ClientFirstMessage clientFirst,
                ServerFirstMessage serverFirst)
                implements State {}

        record Proven(String user) implements State {}

        record Failed() implements State {}
    }

    /**
     * @param credentials finds what a user's proof is checked against; never null
     */
    ScramExchange(ScramMechanism mechanism, Function<String, ScramCredential> credentials) {
        this.mechanism = mechanism;
        this.credentials = credentials;
        try {
            formatter = new ScramFormatter(mechanism);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has what SCRAM needs", e);
        }
    }

    /**
     * Answers the client's next message.
     *
     * @throws SaslException when the message is malformed, out of order, or proves nothing; the
     *     exchange is over then
     */
    byte[] answer(byte[] message) throws SaslException {
        var before = state;
        state = new State.Failed();
        return switch (before) {
            case State.AwaitingFirst ignored -> first(new ClientFirstMessage(message));
            case State.AwaitingFinal awaiting -> last(awaiting, new ClientFinalMessage(message));
            case State.Proven ignored -> throw new SaslException("The exchange is complete");
            case State.Failed ignored -> throw new SaslException("The exchange has failed");
        };
    }

    boolean isProven() {
        return state instanceof State.Proven;
    }

    /** The user whose password was proven. */
    String user() {
        if (state instanceof State.Proven(String user)) {
            return user;
        }
        throw new IllegalStateException("nothing is proven");
    }

    private byte[] first(ClientFirstMessage message) throws SaslException {
        String user;
        try {
            user = ScramFormatter.username(message.saslName());
        } catch (IllegalArgumentException e) {
            throw new SaslException("The user name is not encoded as RFC 5802 says", e);
        }
        if (!message.authorizationId().isEmpty() && !message.authorizationId().equals(user)) {
            throw new SaslException("The client may only act as the user that it proves to be");
        }
        ScramCredential credential = credentials.apply(user);
        if (credential.iterations() < mechanism.minIterations()) {
            throw new SaslException("The stored credential has too few iterations");
        }
        ServerFirstMessage answer =
                new ServerFirstMessage(
                        message.nonce(),
                        formatter.secureRandomString(),
                        credential.salt(),
                        credential.iterations());
        state = new State.AwaitingFinal(user, credential, message, answer);
        return answer.toBytes();
    }

    private byte[] last(State.AwaitingFinal exchange, ClientFinalMessage message)
            throws SaslException {
        String nonce = exchange.serverFirst().nonce();
        boolean nonceFits =
                message.nonce().equals(nonce)
                        || message.nonce().equals(exchange.clientFirst().nonce() + nonce);
        if (!nonceFits) {
            throw new SaslException("The nonce is not the one that was sent");
        }
        byte[] header = exchange.clientFirst().gs2Header().getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(message.channelBinding(), header)) {
            throw new SaslException("The channel binding is not the one that was announced");
        }
        try {
            ScramCredential credential = exchange.credential();
            byte[] signature =
                    formatter.clientSignature(
                            credential.storedKey(),
                            exchange.clientFirst(),
                            exchange.serverFirst(),
                            message);
            byte[] proven = formatter.storedKey(signature, message.proof());
            if (!MessageDigest.isEqual(proven, credential.storedKey())) {
                throw new SaslException("The proof does not fit the password");
            }
            byte[] answer =
                    formatter.serverSignature(
                            credential.serverKey(),
                            exchange.clientFirst(),
                            exchange.serverFirst(),
                            message);
            state = new State.Proven(exchange.user());
            return new ServerFinalMessage(null, answer).toBytes();
        } catch (InvalidKeyException | IllegalArgumentException e) {
            throw new SaslException("The proof cannot be checked", e);
        }
    }
}
