package io.penstock.broker.security;

import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.ssl.SslPrincipalMapper;

import java.io.IOException;
import java.util.Optional;

import javax.security.auth.x500.X500Principal;

/** Names a client by its certificate's subject, by the rules of ssl.principal.mapping.rules. */
final class CertificatePrincipals {

    private final SslPrincipalMapper mapper;

    CertificatePrincipals(String rules) {
        this.mapper = SslPrincipalMapper.fromRules(rules.isEmpty() ? "DEFAULT" : rules);
    }

    /** Anonymous without a certificate; empty when no rule names the subject. */
    Optional<KafkaPrincipal> of(Optional<X500Principal> subject) {
        if (subject.isEmpty()) {
            return Optional.of(KafkaPrincipal.ANONYMOUS);
        }
        try {
            String name = mapper.getName(subject.get().getName());
            return Optional.of(new KafkaPrincipal(KafkaPrincipal.USER_TYPE, name));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
