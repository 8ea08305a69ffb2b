package dev.gantry.dsl.rehearsal;

import java.io.File;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;

/**
 * The calls of Java's and Groovy's by which scripts commonly change this machine, start programs or wait. A rehearsal
 * passes them over. No sandbox: a script that wants to can do otherwise.
 */
public final class MachineCalls {
    private static final Set<Class<?>> CLASSES = Set.of(Files.class, File.class, Thread.class, System.class);
    private static final Set<String> MAKERS = Set.of(
            "FileWriter",
            "FileOutputStream",
            "RandomAccessFile",
            "PrintWriter",
            "PrintStream",
            "Socket",
            "ServerSocket",
            "ProcessBuilder");
    private static final Set<String> METHODS = Set.of(
            "append",
            "connect",
            "copy",
            "createDirectories",
            "createDirectory",
            "createFile",
            "createLink",
            "createNewFile",
            "createSymbolicLink",
            "createTempDirectory",
            "createTempFile",
            "delete",
            "deleteDir",
            "deleteIfExists",
            "deleteOnExit",
            "exec",
            "execute",
            "exit",
            "halt",
            "leftShift",
            "mkdir",
            "mkdirs",
            "move",
            "newBufferedWriter",
            "newOutputStream",
            "newPrintWriter",
            "newWriter",
            "renameTo",
            "set",
            "setBytes",
            "setExecutable",
            "setLastModified",
            "setPosixFilePermissions",
            "setReadable",
            "setText",
            "setWritable",
            "sleep",
            "start",
            "startDaemon",
            "withOutputStream",
            "withPrintWriter",
            "withWriter",
            "withWriterAppend",
            "write",
            "writeString");

    private MachineCalls() {}

    /** Returns whether a call of that name may be one, so that its receiver must be looked at. */
    public static boolean mayBe(String method) {
        return METHODS.contains(method);
    }

    /** Returns whether to make an object of the class, by its simple name, is one. */
    public static boolean isMaker(String type) {
        return MAKERS.contains(type);
    }

    static boolean isOne(Object receiver, String method) {
        if (receiver instanceof Collection<?> items && !method.equals("execute")) {
            return items.stream().anyMatch(item -> isOne(item, method)); // as in `files*.delete()`
        } else if (method.equals("execute")) {
            return receiver instanceof CharSequence
                    || receiver instanceof Collection<?>
                    || receiver instanceof Object[];
        } else if (receiver instanceof Class<?> type) {
            return CLASSES.contains(type);
        }
        return receiver instanceof File
                || receiver instanceof Path
                || receiver instanceof URL
                || receiver instanceof Thread
                || receiver != null && receiver.getClass().getName().equals("java.lang.Runtime");
    }
}
