package io.penstock.broker.controller;

/** The asked broker is not the controller, or is none any more, and has done nothing. */
final class NotController extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotController() {
        super("this broker is not the controller", null, false, false);
    }
}
