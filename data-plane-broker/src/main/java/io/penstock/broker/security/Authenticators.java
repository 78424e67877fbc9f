package io.penstock.broker.security;

import io.penstock.broker.config.ListenerSettings;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.network.Authenticator;
import io.penstock.broker.time.Clock;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import javax.security.auth.x500.X500Principal;

/** Makes the authenticator that a listener's security protocol asks for. */
public final class Authenticators implements Authenticator.Factory {

    private final ScramCredentials credentials;
    private final Clock clock;
    private final Map<String, CertificatePrincipals> certificatePrincipals =
            new ConcurrentHashMap<>();

    public Authenticators(MetadataCache metadata, Clock clock) {
        this.credentials = new ScramCredentials(metadata);
        this.clock = clock;
    }

    @Override
    public Authenticator create(
            ListenerSettings listener, Optional<X500Principal> certificateSubject) {
        if (listener.usesSasl()) {
            return new SaslAuthenticator(
                    listener.saslMechanisms(),
                    listener.maxReauthenticationMillis(),
                    credentials,
                    clock);
        }
        CertificatePrincipals principals =
                certificatePrincipals.computeIfAbsent(
                        listener.principalMappingRules(), CertificatePrincipals::new);
        return new TransportAuthenticator(principals.of(certificateSubject));
    }
}
