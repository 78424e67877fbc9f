package io.penstock.broker.simulation;

/** A fault of the past that is put back into the code under test, to see that it is found. */
enum Mutation {
    NONE
}
