package io.penstock.broker.replication;

import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;

/**
 * A connection to a leader's inter-broker listener, over which fetches (version 17) are sent and
 * answered in order. Opened with the first fetch; broken once is broken for good. Used on the
 * scheduler of its {@link FetcherLoop}, on which the answers come too.
 */
public interface LeaderConnection {

    /** What became of one fetch: exactly one of the two is called. */
    interface Answer {

        /**
         * @param response whose records are views of a buffer that is gone when this returns
         */
        void fetched(FetchResponseData response);

        /** Nothing was answered, and nothing will be: the connection is broken. */
        void failed(Throwable cause);
    }

    /** Told once that the peer's host ended the connection, by FIN or RST, and not a timeout. */
    interface EndedByPeer {
        void ended();
    }

    /** Never answers within this call. */
    void fetch(FetchRequestData request, Answer answer);

    /** Fetches under way fail. */
    void close();
}
