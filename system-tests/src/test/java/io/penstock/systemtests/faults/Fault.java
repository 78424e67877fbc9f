package io.penstock.systemtests.faults;

import io.penstock.systemtests.faults.History.ProducerKind;

import java.util.EnumSet;
import java.util.Set;

/** Something that goes wrong while clients work, and how it is mended. */
interface Fault {

    /** Does the harm; returns when it is done, whatever its effect. */
    Injury inject(Scene scene) throws Exception;

    /**
     * @param partitions those whose producers may notice
     * @param goOn the kinds of producers that must go on in every partition before it is mended
     * @param mend makes the cluster whole again
     */
    record Injury(Set<Integer> partitions, Set<ProducerKind> goOn, Step mend) {

        /** All producers go on before it is mended. */
        static Injury survived(Set<Integer> partitions, Step mend) {
            return new Injury(partitions, EnumSet.allOf(ProducerKind.class), mend);
        }

        /**
         * A silent broker: those go on that give up a request soon; the others after half a minute.
         */
        static Injury survivedByTheImpatient(Set<Integer> partitions, Step mend) {
            return new Injury(partitions, EnumSet.of(ProducerKind.IMPATIENT), mend);
        }

        /** Nobody goes on before it is mended. */
        static Injury standstill(Set<Integer> partitions, Step mend) {
            return new Injury(partitions, EnumSet.noneOf(ProducerKind.class), mend);
        }
    }

    /** A step that may fail. */
    @FunctionalInterface
    interface Step {
        void run() throws Exception;

        static void nothing() {
            // The harm has mended itself, or was mended while it was done.
        }
    }
}
