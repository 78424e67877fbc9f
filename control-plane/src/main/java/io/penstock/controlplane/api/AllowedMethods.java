package io.penstock.controlplane.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The methods of each path of the API. Where the path of one resource class begins like another's,
 * the framework looks for a wrong method in the last of them only and says that there is no such
 * path: this tells the two apart.
 */
@ApplicationScoped
class AllowedMethods {
    private static final Pattern PARAMETER = Pattern.compile("\\{[^}]+}");

    private final List<Endpoint> endpoints;

    private record Endpoint(Pattern path, String method) {}

    AllowedMethods(BeanManager beans) {
        this.endpoints =
                beans.getBeans(Object.class, Any.Literal.INSTANCE).stream()
                        .<Class<?>>map(bean -> bean.getBeanClass())
                        .filter(type -> type.isAnnotationPresent(Path.class))
                        .distinct()
                        .flatMap(AllowedMethods::endpoints)
                        .toList();
    }

    /** What the path can do, or empty when there is no such path. */
    Set<String> of(String path) {
        var methods = new TreeSet<String>();
        for (var endpoint : endpoints) {
            if (endpoint.path().matcher(path).matches()) {
                methods.add(endpoint.method());
            }
        }
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        if (!methods.isEmpty()) {
            methods.add("OPTIONS");
        }
        return methods;
    }

    private static Stream<Endpoint> endpoints(Class<?> type) {
        var root = type.getAnnotation(Path.class).value();
        return Arrays.stream(type.getDeclaredMethods())
                .flatMap(
                        method ->
                                httpMethod(method)
                                        .map(name -> endpoint(root, method, name))
                                        .stream());
    }

    private static Optional<String> httpMethod(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
                .filter(found -> found != null)
                .map(HttpMethod::value)
                .findFirst();
    }

    private static Endpoint endpoint(String root, Method method, String name) {
        var own = method.getAnnotation(Path.class);
        var path = own == null ? root : root + own.value();
        return new Endpoint(
                Pattern.compile(PARAMETER.matcher(path).replaceAll("[^/]+") + "/?"), name);
    }
}
