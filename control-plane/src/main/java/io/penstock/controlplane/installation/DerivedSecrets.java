package io.penstock.controlplane.installation;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.PropertiesConfigSource;

import org.eclipse.microprofile.config.spi.ConfigSource;

import java.util.List;
import java.util.Map;

/**
 * Makes the secrets of the console's session from the installation's key, so that sessions survive
 * restarts and are valid on every replica.
 */
public final class DerivedSecrets implements ConfigSourceFactory {
    private static final int ORDINAL = 270;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        var value = context.getValue("penstock.installation-key");
        if (value == null || value.getValue() == null) {
            return List.of();
        }
        var key = InstallationKey.parse(value.getValue());
        return List.of(
                new PropertiesConfigSource(
                        Map.of(
                                "derived-secrets.state-secret", key.deriveText("oidc state"),
                                "derived-secrets.session-secret", key.deriveText("oidc session")),
                        "secrets derived from the installation key",
                        ORDINAL));
    }
}
