/** Counters, and their text for a scraper. Knows no other package of the broker. */
package io.penstock.broker.metrics;
