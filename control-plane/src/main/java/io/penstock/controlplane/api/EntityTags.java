package io.penstock.controlplane.api;

import io.penstock.controlplane.api.Problem.FieldError;

import java.util.Arrays;

/** Strong entity tags of desired state: the generation, as {@code "g7"} with its quotes. */
public final class EntityTags {
    private EntityTags() {}

    public static String ofGeneration(long generation) {
        return "\"g" + generation + "\"";
    }

    /** Checks If-Match (RFC 9110): absent 428, stale 412; {@code *} and lists are allowed. */
    public static void require(String ifMatch, long generation) {
        if (ifMatch == null || ifMatch.isBlank()) {
            throw ProblemException.of(
                    428,
                    "precondition_required",
                    new FieldError(
                            "/If-Match", "Send If-Match with the ETag of what you have read"));
        }
        var current = ofGeneration(generation);
        var matches =
                ifMatch.strip().equals("*")
                        || Arrays.stream(ifMatch.split(","))
                                .map(String::strip)
                                .anyMatch(current::equals);
        if (!matches) {
            throw ProblemException.of(
                    412,
                    "precondition_failed",
                    new FieldError(
                            "/If-Match",
                            "It was changed since you read it: the ETag is now " + current));
        }
    }
}
