package io.penstock.controlplane.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Reads request bodies to the letter: unknown and repeated fields, nulls, other types, trailing
 * text and deep nesting are refused with a pointer to what is wrong, rather than guessed at.
 */
@Provider
@Consumes(MediaType.APPLICATION_JSON)
public class StrictJsonReader implements MessageBodyReader<Object> {
    private static final int DEEPEST = 20;
    private static final int LONGEST_STRING = 65_536;
    private static final ObjectMapper STRICT = mapper();

    private static ObjectMapper mapper() {
        var factory =
                JsonFactory.builder()
                        .streamReadConstraints(
                                StreamReadConstraints.builder()
                                        .maxNestingDepth(DEEPEST)
                                        .maxStringLength(LONGEST_STRING)
                                        .maxNumberLength(100)
                                        .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build();
        var mapper =
                JsonMapper.builder(factory)
                        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
        mapper.withCoercionConfig(
                LogicalType.Textual,
                coercion -> {
                    for (var shape :
                            List.of(
                                    CoercionInputShape.Integer,
                                    CoercionInputShape.Float,
                                    CoercionInputShape.Boolean)) {
                        coercion.setCoercion(shape, CoercionAction.Fail);
                    }
                });
        for (var type : List.of(LogicalType.Integer, LogicalType.Enum)) {
            mapper.withCoercionConfig(
                    type,
                    coercion -> {
                        coercion.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
                        coercion.setCoercion(CoercionInputShape.String, CoercionAction.Fail);
                    });
        }
        mapper.withCoercionConfig(
                LogicalType.Enum,
                coercion ->
                        coercion.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail));
        return mapper.build();
    }

    @Override
    public boolean isReadable(
            Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return true;
    }

    @Override
    public Object readFrom(
            Class<Object> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream body)
            throws IOException {
        return read(body, type);
    }

    public static <T> T read(InputStream body, Class<T> type) throws IOException {
        T value;
        try {
            value = STRICT.readValue(new WithoutNulls(STRICT.createParser(body)), type);
        } catch (StreamConstraintsException e) {
            throw ProblemException.malformed(
                    "The body is nested too deeply or has too long a value");
        } catch (JsonMappingException e) {
            throw problemOf(e);
        } catch (JsonProcessingException e) {
            throw ProblemException.malformed(syntax(e));
        }
        if (value == null) {
            throw ProblemException.invalid("", "The body must be a JSON object");
        }
        return value;
    }

    /** What is optional is left out: a null is a mistake wherever it stands. */
    private static final class WithoutNulls extends JsonParserDelegate {
        WithoutNulls(JsonParser parser) {
            super(parser);
        }

        @Override
        public JsonToken nextToken() throws IOException {
            var token = super.nextToken();
            if (token == JsonToken.VALUE_NULL && !getParsingContext().inRoot()) {
                throw ProblemException.invalid(
                        getParsingContext().pathAsPointer().toString(), "Must not be null");
            }
            return token;
        }
    }

    private static ProblemException problemOf(JsonMappingException e) {
        if (e.getCause() instanceof ProblemException problem) {
            return problem;
        }
        if (e.getCause() instanceof StreamConstraintsException) {
            return ProblemException.malformed(
                    "The body is nested too deeply or has too long a value");
        }
        if (e.getCause() instanceof InputCoercionException) {
            return ProblemException.invalid(
                    pointer(e.getPath()), "Must be a whole number in range");
        }
        if (e.getCause() instanceof JsonProcessingException syntax
                && !(syntax instanceof JsonMappingException)) {
            return ProblemException.malformed(syntax(syntax));
        }
        var pointer = pointer(e.getPath());
        return switch (e) {
            case UnrecognizedPropertyException unknown ->
                    ProblemException.invalid(
                            pointer,
                            "Unknown field %s; known: %s"
                                    .formatted(
                                            unknown.getPropertyName(),
                                            unknown.getKnownPropertyIds().stream()
                                                    .map(Object::toString)
                                                    .sorted()
                                                    .collect(Collectors.joining(", "))));
            case InvalidFormatException format when format.getTargetType().isEnum() ->
                    ProblemException.invalid(
                            pointer, "Must be one of " + wireNames(format.getTargetType()));
            case MismatchedInputException mismatch when e.getPath().isEmpty() ->
                    ProblemException.invalid("", "The body must be one JSON object");
            case MismatchedInputException mismatch ->
                    ProblemException.invalid(
                            pointer, "Must be " + expected(mismatch.getTargetType()));
            default -> ProblemException.invalid(pointer, "Not a valid value");
        };
    }

    private static String syntax(JsonProcessingException e) {
        var location = e.getLocation();
        var where =
                location == null
                        ? ""
                        : " at line %d, column %d"
                                .formatted(location.getLineNr(), location.getColumnNr());
        var duplicate =
                e.getOriginalMessage() != null
                        && e.getOriginalMessage().startsWith("Duplicate field");
        return (duplicate ? "A field is there twice" : "The body is not valid JSON") + where;
    }

    private static String wireNames(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static String expected(Class<?> type) {
        if (type == null) {
            return "another type";
        }
        if (type == String.class) {
            return "a string";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a whole number";
        }
        return type.isEnum() ? "a string" : "an object";
    }

    private static String pointer(List<Reference> path) {
        return path.stream()
                .map(
                        step ->
                                step.getFieldName() == null
                                        ? Integer.toString(step.getIndex())
                                        : step.getFieldName())
                .map(name -> "/" + name.replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining());
    }
}
