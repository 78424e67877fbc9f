package io.penstock.broker.protocol;

import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The APIs that this broker serves, each from the oldest to the newest stable version of its
 * message class. A version that is marked unstable is neither served nor advertised.
 */
public final class SupportedApis {

    private final Set<ApiKeys> apis;

    public SupportedApis(Collection<ApiKeys> apis) {
        EnumSet<ApiKeys> copy = EnumSet.noneOf(ApiKeys.class);
        copy.addAll(apis);
        this.apis = Collections.unmodifiableSet(copy);
    }

    public Set<ApiKeys> apis() {
        return apis;
    }

    public boolean supports(ApiKeys api, short version) {
        return apis.contains(api)
                && version >= api.messageType.lowestSupportedVersion()
                && version <= api.messageType.highestSupportedVersion(false);
    }

    /** As ApiVersions tells it. */
    public ApiVersionCollection advertised() {
        ApiVersionCollection versions = new ApiVersionCollection();
        for (ApiKeys api : apis) {
            versions.add(advertised(api));
        }
        return versions;
    }

    /** As an ApiVersions request of an unknown version is answered: enough to ask again. */
    public ApiVersionCollection advertisedApiVersionsOnly() {
        ApiVersionCollection versions = new ApiVersionCollection();
        versions.add(advertised(ApiKeys.API_VERSIONS));
        return versions;
    }

    private static ApiVersion advertised(ApiKeys api) {
        // KAFKA-18659: librdkafka turns features off unless Produce is advertised from version 0,
        // though versions below 3 are refused.
        short oldest =
                api == ApiKeys.PRODUCE
                        ? ApiKeys.PRODUCE_API_VERSIONS_RESPONSE_MIN_VERSION
                        : api.messageType.lowestSupportedVersion();
        return new ApiVersion()
                .setApiKey(api.id)
                .setMinVersion(oldest)
                .setMaxVersion(api.messageType.highestSupportedVersion(false));
    }
}
