package io.penstock.launcher.demo;

import java.util.List;

/** A row of bars, each as high as its value in proportion to the largest. */
final class Sparkline {
    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final int WIDEST = 40;

    private Sparkline() {}

    static String of(List<Long> values) {
        var largest = Math.max(1, values.stream().mapToLong(Long::longValue).max().orElse(1));
        var width = Math.min(WIDEST, values.size());
        var line = new StringBuilder();
        for (var column = 0; column < width; column++) {
            var index = width == 1 ? 0 : (int) ((long) column * (values.size() - 1) / (width - 1));
            var value = Math.max(0, values.get(index));
            line.append(
                    BARS.charAt(
                            (int) Math.min(BARS.length() - 1, value * BARS.length() / largest)));
        }
        return line.toString();
    }
}
