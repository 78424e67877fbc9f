package io.penstock.controlplane.clusters;

import java.util.regex.Pattern;

/** The rule of names: they become part of host names. */
public final class ClusterName {
    public static final String PATTERN = "[a-z]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern COMPILED = Pattern.compile(PATTERN);

    private ClusterName() {}

    public static boolean isValid(String name) {
        return COMPILED.matcher(name).matches();
    }
}
