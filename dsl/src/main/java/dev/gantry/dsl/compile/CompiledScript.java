package dev.gantry.dsl.compile;

import groovy.lang.Closure;
import groovy.lang.Script;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The classes of a script.
 *
 * @param main the name of the one that is the script
 * @param isChecked whether the compiler knew all types, so that no call is looked up when the script runs
 * @param classes bytes by name; owned by the record
 */
record CompiledScript(String main, boolean isChecked, Map<String, byte[]> classes) {
    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IOException also if it is something else
     */
    static CompiledScript read(DataInputStream in) throws IOException {
        String main = in.readUTF();
        boolean isChecked = in.readBoolean();
        int count = in.readInt();
        Map<String, byte[]> classes = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = in.readUTF();
            int length = in.readInt();
            byte[] bytes = in.readNBytes(Math.max(0, length));
            if (bytes.length != length) {
                throw new EOFException(name);
            }
            classes.put(name, bytes);
        }
        return new CompiledScript(main, isChecked, classes);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeUTF(main);
        out.writeBoolean(isChecked);
        out.writeInt(classes.size());
        for (Map.Entry<String, byte[]> type : classes.entrySet()) {
            out.writeUTF(type.getKey());
            out.writeInt(type.getValue().length);
            out.write(type.getValue());
        }
    }

    /**
     * Loads the classes, in a class loader of their own, and makes a script of them.
     *
     * @param base what every script extends
     * @throws ClassCastException if the main class is not a script
     * @throws ReflectiveOperationException if it cannot be made
     */
    <S extends Script> S newScript(Class<S> base) throws ReflectiveOperationException {
        return newScript(base, base.getClassLoader());
    }

    /** Does the same with a parent of the class loader that knows more. */
    <S extends Script> S newScript(Class<S> base, ClassLoader parent) throws ReflectiveOperationException {
        Class<?> type = Class.forName(main, true, new Loader(classes, parent, isChecked));
        return type.asSubclass(base).getDeclaredConstructor().newInstance();
    }

    /** Returns a loader of these classes, which hide those of the same name in its parent. */
    static ClassLoader loader(Map<String, byte[]> classes, ClassLoader parent) {
        return new Loader(classes, parent, false);
    }

    /** Knows the script's classes, and all others by its parent. */
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;
        private final boolean isChecked;

        Loader(Map<String, byte[]> classes, ClassLoader parent, boolean isChecked) {
            super(parent);
            this.classes = classes;
            this.isChecked = isChecked;
        }

        /** Asks the parent last: it would look into every jar first, which takes longer than all the rest. */
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null) {
                    loaded = defineClass(name, bytes, 0, bytes.length);
                    if (isChecked && Closure.class.isAssignableFrom(loaded)) {
                        LateMetaClass.await(loaded);
                    }
                }
                return loaded;
            }
        }
    }
}
