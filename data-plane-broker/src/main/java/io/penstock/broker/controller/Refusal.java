package io.penstock.broker.controller;

import org.apache.kafka.common.protocol.Errors;

/** Why the controller does not do what was asked, in the protocol's terms. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final Errors error;

    private Refusal(Errors error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    static Refusal of(Errors error, String message) {
        return new Refusal(error, message);
    }

    Errors error() {
        return error;
    }
}
