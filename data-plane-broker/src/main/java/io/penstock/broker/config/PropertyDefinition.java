package io.penstock.broker.config;

import org.apache.kafka.common.config.ConfigDef;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One known property.
 *
 * @param defaultValue as it would be written in a file; empty when there is none
 * @param allowed as error messages show it: {@code 1..}, {@code 5..25}, {@code 1..9 or -1}, or
 *     alternatives separated by bars; empty when the type alone decides
 */
public record PropertyDefinition(
        String name, ConfigDef.Type type, Optional<String> defaultValue, String allowed) {

    /** What is wrong with the value, or empty when nothing is. */
    public Optional<String> complaint(String value) {
        String trimmed = value.trim();
        return switch (type) {
            case BOOLEAN ->
                    trimmed.equalsIgnoreCase("true") || trimmed.equalsIgnoreCase("false")
                            ? Optional.empty()
                            : Optional.of("allowed: true or false");
            case INT -> number(trimmed, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG -> number(trimmed, Long.MIN_VALUE, Long.MAX_VALUE);
            case SHORT -> number(trimmed, Short.MIN_VALUE, Short.MAX_VALUE);
            case DOUBLE -> decimal(trimmed);
            case LIST -> listMembers(trimmed);
            case STRING, CLASS, PASSWORD -> alternative(trimmed);
        };
    }

    private Optional<String> number(String value, long least, long greatest) {
        long parsed;
        try {
            parsed = Long.parseLong(value);
        } catch (NumberFormatException e) {
            return Optional.of("allowed: a whole number" + range());
        }
        if (parsed < least || parsed > greatest) {
            return Optional.of("allowed: a whole number from " + least + " to " + greatest);
        }
        return inRange(parsed);
    }

    private Optional<String> decimal(String value) {
        try {
            return inRange(Double.parseDouble(value));
        } catch (NumberFormatException e) {
            return Optional.of("allowed: a number" + range());
        }
    }

    private Optional<String> inRange(double value) {
        if (allowed.isEmpty()) {
            return Optional.empty();
        }
        String bounds = allowed.replace(" or -1", "");
        if (bounds.length() != allowed.length() && value == -1) {
            return Optional.empty();
        }
        int dots = bounds.indexOf("..");
        double least = Double.parseDouble(bounds.substring(0, dots));
        String upper = bounds.substring(dots + 2);
        double greatest = upper.isEmpty() ? Double.POSITIVE_INFINITY : Double.parseDouble(upper);
        return value >= least && value <= greatest
                ? Optional.empty()
                : Optional.of("allowed: a number" + range());
    }

    private String range() {
        if (allowed.isEmpty()) {
            return "";
        }
        return allowed.endsWith("..")
                ? " of at least " + allowed.substring(0, allowed.length() - 2)
                : " in " + allowed;
    }

    private Optional<String> listMembers(String value) {
        return splitList(value).stream()
                .map(this::alternative)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<String> alternative(String value) {
        if (allowed.isEmpty()) {
            return Optional.empty();
        }
        List<String> alternatives = Arrays.asList(allowed.split("\\|", -1));
        return alternatives.stream()
                        .anyMatch(
                                a ->
                                        a.toLowerCase(Locale.ROOT)
                                                .equals(value.toLowerCase(Locale.ROOT)))
                ? Optional.empty()
                : Optional.of("allowed: " + String.join(", ", alternatives));
    }

    static List<String> splitList(String value) {
        return Arrays.stream(value.split(",", -1))
                .map(String::trim)
                .filter(s -> !s.isEmpty())
                .toList();
    }
}
