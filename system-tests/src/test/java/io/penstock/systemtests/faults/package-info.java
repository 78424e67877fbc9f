/**
 * Faults under load, and the judgement of what clients saw meanwhile. {@link
 * io.penstock.systemtests.faults.History} is what they saw, {@link
 * io.penstock.systemtests.faults.HistoryChecker} the rules; {@link
 * io.penstock.systemtests.faults.FaultsTest} is the place to start reading.
 */
package io.penstock.systemtests.faults;
