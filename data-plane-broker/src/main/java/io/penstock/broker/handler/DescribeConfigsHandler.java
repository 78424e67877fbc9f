package io.penstock.broker.handler;

import io.penstock.broker.config.BrokerPropertyTable;
import io.penstock.broker.config.PropertyDefinition;
import io.penstock.broker.config.TopicConfigDefinition;
import io.penstock.broker.config.TopicConfigDefinitions;
import io.penstock.broker.metadata.ClusterImage;
import io.penstock.broker.metadata.MetadataCache;
import io.penstock.broker.network.RequestContext;
import io.penstock.broker.security.RequestAuthorizer;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Configurations with where each value comes from: the resource itself, this broker's dynamic
 * configuration, that of all brokers, the broker's file, or the default. Secrets have no value
 * here.
 */
public final class DescribeConfigsHandler implements RequestHandler<DescribeConfigsRequestData> {

    private static final byte DYNAMIC_TOPIC = 1;
    private static final byte DYNAMIC_BROKER = 2;
    private static final byte DYNAMIC_DEFAULT_BROKER = 3;
    private static final byte STATIC_BROKER = 4;
    private static final byte DEFAULT = 5;

    private final MetadataCache metadata;
    private final RequestAuthorizer authorizer;
    private final int brokerId;
    private final Map<String, String> brokerProperties;

    /**
     * @param brokerProperties as written in this broker's file
     */
    public DescribeConfigsHandler(
            MetadataCache metadata,
            RequestAuthorizer authorizer,
            int brokerId,
            Map<String, String> brokerProperties) {
        this.metadata = metadata;
        this.authorizer = authorizer;
        this.brokerId = brokerId;
        this.brokerProperties = Map.copyOf(brokerProperties);
    }

    @Override
    public ApiKeys apiKey() {
        return ApiKeys.DESCRIBE_CONFIGS;
    }

    @Override
    public CompletionStage<? extends ApiMessage> handle(
            RequestContext context, DescribeConfigsRequestData request) {
        ClusterImage image = metadata.current();
        Permission may = new Permission(authorizer, context);
        DescribeConfigsResponseData response = new DescribeConfigsResponseData();
        request.resources().forEach(r -> response.results().add(describe(image, may, request, r)));
        return CompletableFuture.completedFuture(response);
    }

    private DescribeConfigsResult describe(
            ClusterImage image,
            Permission may,
            DescribeConfigsRequestData request,
            DescribeConfigsResource asked) {
        DescribeConfigsResult result =
                new DescribeConfigsResult()
                        .setResourceType(asked.resourceType())
                        .setResourceName(asked.resourceName());
        String name = asked.resourceName();
        return switch (ConfigResource.Type.forId(asked.resourceType())) {
            case TOPIC -> {
                if (!may.onTopic(AclOperation.DESCRIBE_CONFIGS, name)) {
                    yield failed(
                            result,
                            Errors.TOPIC_AUTHORIZATION_FAILED,
                            Errors.TOPIC_AUTHORIZATION_FAILED.message());
                }
                if (image.topic(name).isEmpty()) {
                    yield failed(
                            result,
                            Errors.UNKNOWN_TOPIC_OR_PARTITION,
                            "there is no topic '" + name + "'");
                }
                yield result.setConfigs(topicConfigs(image, name, request, asked));
            }
            case BROKER -> {
                if (!may.onCluster(AclOperation.DESCRIBE_CONFIGS)) {
                    yield failed(
                            result,
                            Errors.CLUSTER_AUTHORIZATION_FAILED,
                            Errors.CLUSTER_AUTHORIZATION_FAILED.message());
                }
                if (!name.isEmpty() && !name.equals(Integer.toString(brokerId))) {
                    yield failed(
                            result,
                            Errors.INVALID_REQUEST,
                            "this is broker "
                                    + brokerId
                                    + "; it describes itself, or with the empty name the dynamic"
                                    + " configuration of all brokers");
                }
                yield result.setConfigs(brokerConfigs(image, name, request, asked));
            }
            default ->
                    failed(
                            result,
                            Errors.INVALID_REQUEST,
                            "resources of type " + asked.resourceType() + " have no configuration");
        };
    }

    private static DescribeConfigsResult failed(
            DescribeConfigsResult result, Errors error, String message) {
        return result.setErrorCode(error.code()).setErrorMessage(message);
    }

    private static boolean isAsked(DescribeConfigsResource asked, String name) {
        return asked.configurationKeys() == null
                || asked.configurationKeys().isEmpty()
                || asked.configurationKeys().contains(name);
    }

    private List<DescribeConfigsResourceResult> topicConfigs(
            ClusterImage image,
            String topic,
            DescribeConfigsRequestData request,
            DescribeConfigsResource asked) {
        Map<String, String> own = image.config(ConfigResource.Type.TOPIC, topic);
        Map<String, String> defaults = TopicConfigDefinitions.effective(Map.of(), brokerProperties);
        List<DescribeConfigsResourceResult> results = new ArrayList<>();
        for (TopicConfigDefinition definition : TopicConfigDefinitions.all()) {
            if (!isAsked(asked, definition.name())) {
                continue;
            }
            List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
            add(synonyms, definition.name(), own.get(definition.name()), DYNAMIC_TOPIC);
            for (TopicConfigDefinition.BrokerSynonym synonym : definition.brokerSynonyms()) {
                String key = synonym.name();
                add(synonyms, key, dynamic(image, brokerId, key), DYNAMIC_BROKER);
                add(synonyms, key, dynamic(image, key), DYNAMIC_DEFAULT_BROKER);
                if (brokerProperties.containsKey(key)) {
                    add(synonyms, key, defaults.get(definition.name()), STATIC_BROKER);
                }
            }
            add(synonyms, definition.name(), definition.defaultValue(), DEFAULT);
            results.add(
                    result(
                            definition.name(),
                            synonyms,
                            definition.type(),
                            false,
                            definition.documentation(),
                            request));
        }
        return results;
    }

    private List<DescribeConfigsResourceResult> brokerConfigs(
            ClusterImage image,
            String name,
            DescribeConfigsRequestData request,
            DescribeConfigsResource asked) {
        List<DescribeConfigsResourceResult> results = new ArrayList<>();
        for (PropertyDefinition definition : BrokerPropertyTable.definitions().values()) {
            String key = definition.name();
            List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
            if (!name.isEmpty()) {
                add(synonyms, key, dynamic(image, brokerId, key), DYNAMIC_BROKER);
            }
            add(synonyms, key, dynamic(image, key), DYNAMIC_DEFAULT_BROKER);
            if (!name.isEmpty()) {
                add(synonyms, key, brokerProperties.get(key), STATIC_BROKER);
                add(synonyms, key, definition.defaultValue().orElse(null), DEFAULT);
            }
            boolean hidden = name.isEmpty() && synonyms.isEmpty();
            if (!hidden && isAsked(asked, key)) {
                results.add(
                        result(key, synonyms, definition.type(), !isDynamic(key), null, request));
            }
        }
        return results;
    }

    private static String dynamic(ClusterImage image, int brokerId, String key) {
        return image.config(ConfigResource.Type.BROKER, Integer.toString(brokerId)).get(key);
    }

    private static String dynamic(ClusterImage image, String key) {
        return image.config(ConfigResource.Type.BROKER, "").get(key);
    }

    private static boolean isDynamic(String property) {
        return TopicConfigDefinitions.all().stream()
                .flatMap(d -> d.brokerSynonyms().stream())
                .anyMatch(s -> s.name().equals(property));
    }

    private static void add(
            List<DescribeConfigsSynonym> synonyms, String name, String value, byte source) {
        if (value != null) {
            synonyms.add(
                    new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source));
        }
    }

    /** The first synonym is the one in force. */
    private static DescribeConfigsResourceResult result(
            String name,
            List<DescribeConfigsSynonym> synonyms,
            ConfigDef.Type type,
            boolean readOnly,
            String documentation,
            DescribeConfigsRequestData request) {
        boolean secret = type == ConfigDef.Type.PASSWORD;
        if (secret) {
            synonyms.forEach(s -> s.setValue(null));
        }
        return new DescribeConfigsResourceResult()
                .setName(name)
                .setValue(synonyms.isEmpty() ? null : synonyms.getFirst().value())
                .setConfigSource(synonyms.isEmpty() ? DEFAULT : synonyms.getFirst().source())
                .setReadOnly(readOnly)
                .setIsSensitive(secret)
                .setSynonyms(request.includeSynonyms() ? synonyms : List.of())
                .setConfigType(typeId(type))
                .setDocumentation(request.includeDocumentation() ? documentation : null);
    }

    /** As DescribeConfigsResponse's field configType numbers them (KIP-569). */
    private static byte typeId(ConfigDef.Type type) {
        return switch (type) {
            case BOOLEAN -> 1;
            case STRING -> 2;
            case INT -> 3;
            case SHORT -> 4;
            case LONG -> 5;
            case DOUBLE -> 6;
            case LIST -> 7;
            case CLASS -> 8;
            case PASSWORD -> 9;
        };
    }
}
