package io.penstock.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Every call that the API's document lists, with a valid body. */
final class OpenApi {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private final JsonNode document;

    private OpenApi(JsonNode document) {
        this.document = document;
    }

    /**
     * @param path with its parameters in braces
     * @param body JSON, or null where the call has none
     */
    record Call(String method, String path, String body) {
        Call with(Map<String, String> parameters) {
            var filled = path;
            for (var parameter : parameters.entrySet()) {
                filled = filled.replace("{" + parameter.getKey() + "}", parameter.getValue());
            }
            if (filled.contains("{")) {
                throw new AssertionError("No value is known for a parameter of " + filled);
            }
            return new Call(method, filled, body);
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    static OpenApi read(Path checkout) throws IOException {
        return new OpenApi(
                new YAMLMapper().readTree(checkout.resolve("control-plane/openapi.yaml").toFile()));
    }

    List<Call> calls() {
        var calls = new ArrayList<Call>();
        for (var path : document.get("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                if (METHODS.contains(operation.getKey())) {
                    calls.add(
                            new Call(
                                    operation.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    body(operation.getValue())));
                }
            }
        }
        return calls;
    }

    private String body(JsonNode operation) {
        var schema = operation.at("/requestBody/content/application~1json/schema");
        return schema.isMissingNode() ? null : example(schema).toString();
    }

    /** An object of all required properties, or the smallest value that a schema allows. */
    private JsonNode example(JsonNode schemaOrReference) {
        var schema = resolved(schemaOrReference);
        var nodes = JsonNodeFactory.instance;
        if (schema.has("enum")) {
            return schema.get("enum").get(0);
        }
        return switch (schema.path("type").asText()) {
            case "object" -> {
                ObjectNode object = nodes.objectNode();
                for (var name : schema.path("required")) {
                    object.set(name.asText(), example(schema.get("properties").get(name.asText())));
                }
                yield object;
            }
            case "integer", "number" -> nodes.numberNode(schema.path("minimum").asInt(1));
            case "boolean" -> nodes.booleanNode(true);
            case "array" -> nodes.arrayNode();
            case "string" -> nodes.textNode("small");
            default -> throw new AssertionError("No example is known for " + schema);
        };
    }

    private JsonNode resolved(JsonNode schema) {
        return schema.has("$ref") ? document.at(schema.get("$ref").asText().substring(1)) : schema;
    }
}
