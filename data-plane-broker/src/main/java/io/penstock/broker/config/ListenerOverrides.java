package io.penstock.broker.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of the form {@code listener.name.<listener>.<property>} and, for SASL, {@code
 * listener.name.<listener>.<mechanism>.<property>}.
 */
final class ListenerOverrides {

    private static final Pattern OVERRIDE =
            Pattern.compile(
                    "listener\\.name\\.[a-z0-9_\\-]+\\."
                            + "(?:(?:plain|gssapi|oauthbearer|scram-sha-256|scram-sha-512)\\.)?"
                            + "((?:ssl|sasl|connections|principal|max)\\..+)");

    private ListenerOverrides() {}

    static String prefix(String listener) {
        return "listener.name." + listener.toLowerCase(java.util.Locale.ROOT) + ".";
    }

    /** The property that an override is about, or the name itself when it is none. */
    static String plainName(String name) {
        Matcher matcher = OVERRIDE.matcher(name);
        return matcher.matches() ? matcher.group(1) : name;
    }
}
