package io.penstock.broker.config;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What values a configuration takes. */
public sealed interface ConfigConstraint {

    boolean allows(String value);

    /** Completes "it must be …". */
    String allowed();

    /** A whole number from {@code least} to {@code most}, or one of the special values. */
    record WholeNumber(long least, long most, Set<Long> special) implements ConfigConstraint {
        @Override
        public boolean allows(String value) {
            try {
                long number = Long.parseLong(value);
                return (number >= least && number <= most) || special.contains(number);
            } catch (NumberFormatException notANumber) {
                return false;
            }
        }

        @Override
        public String allowed() {
            String range =
                    most == Long.MAX_VALUE || most == Integer.MAX_VALUE
                            ? "a whole number of at least " + least
                            : "a whole number from " + least + " to " + most;
            return special.isEmpty() ? range : range + ", or one of " + special;
        }
    }

    /** A decimal number in a closed range. */
    record DecimalNumber(double least, double most) implements ConfigConstraint {
        @Override
        public boolean allows(String value) {
            try {
                double number = Double.parseDouble(value);
                return number >= least && number <= most;
            } catch (NumberFormatException notANumber) {
                return false;
            }
        }

        @Override
        public String allowed() {
            return "a number from " + least + " to " + most;
        }
    }

    /** true or false. */
    record TrueOrFalse() implements ConfigConstraint {
        @Override
        public boolean allows(String value) {
            return value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
        }

        @Override
        public String allowed() {
            return "true or false";
        }
    }

    /** Exactly one of the values. */
    record OneOf(List<String> values) implements ConfigConstraint {
        @Override
        public boolean allows(String value) {
            return values.contains(value);
        }

        @Override
        public String allowed() {
            return "one of " + values;
        }
    }

    /** A list of some of the values, each at most once, separated by commas; may be empty. */
    record SomeOf(List<String> values) implements ConfigConstraint {
        @Override
        public boolean allows(String value) {
            if (value.isEmpty()) {
                return true;
            }
            List<String> parts = Arrays.stream(value.split(",", -1)).map(String::trim).toList();
            return values.containsAll(parts) && Set.copyOf(parts).size() == parts.size();
        }

        @Override
        public String allowed() {
            return "a list of " + values + " without repetition";
        }
    }

    /** Nothing, {@code *}, or partition:broker pairs. */
    record ThrottledReplicas() implements ConfigConstraint {
        private static final Pattern PAIRS =
                Pattern.compile("\\*|(\\d+:\\d+(\\s*,\\s*\\d+:\\d+)*)?");

        @Override
        public boolean allows(String value) {
            return PAIRS.matcher(value).matches();
        }

        @Override
        public String allowed() {
            return "empty, *, or pairs partition:broker separated by commas";
        }
    }
}
