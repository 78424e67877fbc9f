package io.penstock.broker.simulation;

import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;

/** A second copy of all of the broker's classes, in which one method is another. */
final class MutatedCode extends ClassLoader {

    private static final String OURS = "io.penstock.broker.";

    private final Mutation mutation;

    MutatedCode(Mutation mutation) {
        super(MutatedCode.class.getClassLoader());
        this.mutation = mutation;
    }

    /** The invariant that the simulation of the seed finds broken, or an empty text. */
    String findBy(long seed) {
        try {
            Method verdict =
                    loadClass(Simulation.class.getName())
                            .getDeclaredMethod("verdict", long.class, String.class);
            verdict.setAccessible(true);
            return (String) verdict.invoke(null, seed, mutation.name());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    e instanceof InvocationTargetException wrapped ? wrapped.getCause() : e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            if (!name.startsWith(OURS)) {
                return super.loadClass(name, resolve);
            }
            try {
                byte[] code = code(name);
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private byte[] code(String name) throws IOException {
        List<Mutation.Weaving> weavings = mutation.weavingsOf(name);
        if (!weavings.isEmpty()) {
            return weave(name, weavings);
        }
        try (InputStream file =
                getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) {
                throw new IOException("no class file of " + name);
            }
            return file.readAllBytes();
        }
    }

    private byte[] weave(String name, List<Mutation.Weaving> weavings) {
        ClassFileLocator files = ClassFileLocator.ForClassLoader.of(getParent());
        TypeDescription code = TypePool.Default.of(files).describe(name).resolve();
        DynamicType.Builder<?> changed = new ByteBuddy().redefine(code, files);
        for (Mutation.Weaving weaving : weavings) {
            if (code.getDeclaredMethods().filter(method(weaving.method())).isEmpty()) {
                throw new IllegalStateException(
                        "%s: %s has no %s".formatted(mutation, name, weaving.method()));
            }
            changed = changed.visit(Advice.to(weaving.advice()).on(method(weaving.method())));
        }
        try (var made = changed.make()) {
            return made.getBytes();
        }
    }

    private static ElementMatcher<MethodDescription> method(String name) {
        return name.equals(Mutation.Weaving.CONSTRUCTOR)
                ? ElementMatchers.isConstructor()
                : ElementMatchers.named(name);
    }
}
