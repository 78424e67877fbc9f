package io.penstock.controlplane.installation;

import jakarta.enterprise.context.ApplicationScoped;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids such as {@code clu_01k…}: a prefix, 48 bits of milliseconds and 80 random bits in Crockford's
 * base 32, so that their order is the order of creation and none can be guessed.
 */
@ApplicationScoped
public class Identifiers {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int TIME_DIGITS = 10;
    private static final int RANDOM_DIGITS = 16;

    private final SecureRandom random = new SecureRandom();
    private final AtomicLong last = new AtomicLong();

    public String next(String prefix) {
        long now = System.currentTimeMillis();
        long time = last.updateAndGet(before -> Math.max(before + 1, now));
        var id = new StringBuilder(prefix).append('_');
        for (int digit = TIME_DIGITS - 1; digit >= 0; digit--) {
            id.append(DIGITS.charAt((int) (time >>> (5 * digit)) & 31));
        }
        for (int digit = 0; digit < RANDOM_DIGITS; digit++) {
            id.append(DIGITS.charAt(random.nextInt(32)));
        }
        return id.toString();
    }
}
