package io.penstock.broker.network;

import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Errors.NativeIoException;

import java.io.IOException;

/**
 * Tells from a connection's failure whether the other side's kernel ended it, by RST: the process
 * there may be gone. A kernel that gives up on a silent peer fails in the same way, with other
 * words; a broken pipe may follow upon either.
 */
final class ConnectionReset {

    private ConnectionReset() {}

    /** The native transport has the error's number, the JDK's only its words. */
    static boolean is(Throwable failure) {
        if (failure instanceof NativeIoException numbered) {
            return numbered.expectedErr() == Errors.ERRNO_ECONNRESET_NEGATIVE;
        }
        return failure instanceof IOException
                && failure.getMessage() != null
                && failure.getMessage().startsWith("Connection reset");
    }
}
