package io.penstock.controlplane.tenancy;

import com.fasterxml.jackson.annotation.JsonProperty;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a caller may do in a project; each role may do what those before it may. */
public enum Role {
    @JsonProperty("viewer")
    VIEWER,
    @JsonProperty("developer")
    DEVELOPER,
    @JsonProperty("operator")
    OPERATOR,
    @JsonProperty("owner")
    OWNER;

    public static Optional<Role> of(String claim) {
        return Arrays.stream(values()).filter(role -> role.wire().equals(claim)).findFirst();
    }

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean includes(Role needed) {
        return compareTo(needed) >= 0;
    }
}
