package io.penstock.broker.controller;

import net.bytebuddy.asm.Advice;

import org.apache.kafka.common.protocol.Errors;

import java.util.List;

/**
 * Faults of a controller that were made before, each as what would have to change in the code to
 * have it. Woven into a copy of the code under test, never into the code.
 */
public final class ControllerFaults {

    private ControllerFaults() {}

    /** A check that never objects. */
    public static final class Always {
        private Always() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) boolean answer) {
            answer = true;
        }
    }

    /** Nobody is kept as an eligible leader (KIP-966). */
    public static final class Nobody {
        private Nobody() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) List<Integer> members) {
            members = List.of();
        }
    }

    /** Something to be done is not done. */
    public static final class Skipped {
        private Skipped() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return true;
        }

        /** What returns itself goes on doing so. */
        @Advice.OnMethodExit
        static void exit(
                @Advice.This Object self,
                @Advice.Return(
                                readOnly = false,
                                typing =
                                        net.bytebuddy.implementation.bytecode.assign.Assigner.Typing
                                                .DYNAMIC)
                        Object result) {
            result = self;
        }
    }

    /** A proposal counts although the state that it was made about is not the newest. */
    public static final class AboutAnyState {
        private AboutAnyState() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) Errors refusal) {
            if (refusal == Errors.INVALID_UPDATE_VERSION) {
                refusal = Errors.NONE;
            }
        }
    }

    /** A task that is left out. */
    public static final class LeftOut {
        private LeftOut() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return true;
        }
    }
}
