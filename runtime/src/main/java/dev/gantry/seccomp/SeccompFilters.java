package dev.gantry.seccomp;

import dev.gantry.json.Json;
import dev.gantry.kernel.FilterLibrary;
import dev.gantry.oci.Seccomp;
import dev.gantry.oci.codec.OciWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The compiled filters of profiles, each compiled once: kept in memory, and as files for other processes.
 *
 * <p>Thread-safe; a thread waits for one that compiles. The library is loaded when a filter is in neither place.
 */
public final class SeccompFilters {
    /** To be changed with anything in this package that makes another program of the same rules. */
    private static final String EDITION = "1";

    private static final int MOST_IN_MEMORY = 32;

    private final FilterLibrary library;
    private final SeccompCompiler compiler;
    private final FilterCache files;
    private final Map<String, byte[]> memory = new LinkedHashMap<>(MOST_IN_MEMORY, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > MOST_IN_MEMORY;
        }
    };

    /** The profile asked for last, and its program: the same object is asked for again and again. */
    private Seccomp lastProfile;

    private byte[] lastProgram;

    /** Creates the collection; nothing is loaded or read yet. */
    public SeccompFilters(FilterLibrary library, FilterCache files) {
        this.library = library;
        this.compiler = new SeccompCompiler(library);
        this.files = files;
    }

    /**
     * Returns the filter of a valid profile for this machine, a sequence of {@code struct sock_filter}.
     *
     * @throws dev.gantry.error.ConfigException if no filter can be made of the profile
     * @throws UnsupportedOperationException if this machine has no libseccomp
     */
    public synchronized byte[] of(Seccomp profile) {
        if (profile != lastProfile) {
            String rules = rules(profile);
            byte[] program = memory.get(rules);
            if (program == null) {
                program = compiledOnce(profile, rules.getBytes(StandardCharsets.UTF_8));
                memory.put(rules, program);
            }
            lastProfile = profile;
            lastProgram = program;
        }
        return lastProgram.clone();
    }

    private byte[] compiledOnce(Seccomp profile, byte[] rules) {
        return files.find(rules).orElseGet(() -> {
            byte[] program = compiler.compile(profile);
            files.keep(rules, program);
            return program;
        });
    }

    /** Everything that enters the program, as text: the profile without its flags and its agent. */
    private String rules(Seccomp profile) {
        Seccomp rules = new Seccomp(
                profile.defaultAction(),
                profile.defaultErrnoRet(),
                profile.architectures(),
                null,
                null,
                null,
                profile.syscalls());
        return String.join(
                " ", EDITION, System.getProperty("os.arch"), library.version(), Json.compact(OciWriter.node(rules)));
    }
}
