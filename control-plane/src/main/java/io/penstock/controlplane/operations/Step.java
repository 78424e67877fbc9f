package io.penstock.controlplane.operations;

import java.time.Duration;

/**
 * One step of an operation. It may be executed again after it was cut off anywhere, so it looks at
 * what is there before it acts. It throws {@link StepFailure} for what trying again cannot mend;
 * any other exception is tried again.
 */
public interface Step {
    /** Stable, for programs: {@code apply_infrastructure}. */
    String name();

    /** For people: "Create the nodes". */
    String title();

    /** After this an alarm is raised; the step goes on. */
    Duration deadline();

    /** After this the attempt has failed. */
    Duration timeout();

    /**
     * @return what was achieved, in a few words
     */
    String execute(StepContext context) throws InterruptedException;
}
