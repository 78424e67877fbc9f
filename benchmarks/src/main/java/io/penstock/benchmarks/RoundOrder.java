package io.penstock.benchmarks;

import java.util.List;

/** Who goes first: A B, then B A, then A B, so that drift of the machine hits all sides alike. */
final class RoundOrder {

    private RoundOrder() {}

    /** Rounds count from one. */
    static <T> List<T> of(int round, List<T> sides) {
        return round % 2 == 1 ? List.copyOf(sides) : List.copyOf(sides.reversed());
    }
}
