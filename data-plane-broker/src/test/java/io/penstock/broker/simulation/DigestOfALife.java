package io.penstock.broker.simulation;

import io.penstock.broker.testing.QuietLog;

/** Says on its last line what became of the seed that is its argument. */
final class DigestOfALife {

    private DigestOfALife() {}

    public static void main(String[] arguments) {
        new QuietLog().beforeAll(null);
        System.out.println(SeededRun.of(Long.parseLong(arguments[0])));
    }
}
