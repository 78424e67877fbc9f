package io.penstock.broker.network;

import io.netty.channel.DefaultFileRegion;
import io.penstock.broker.protocol.RecordsSource;

/** Records on their way from a file to a socket without passing through this process. */
final class RecordsRegion extends DefaultFileRegion {

    private final RecordsSource source;

    RecordsRegion(RecordsSource source) {
        super(source.channel(), source.position(), source.size());
        this.source = source;
    }

    /** The channel belongs to the log, so it is given back and not closed as usual. */
    @Override
    protected void deallocate() {
        source.release();
    }
}
