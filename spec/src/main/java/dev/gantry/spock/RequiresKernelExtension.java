package dev.gantry.spock;

import com.sun.security.auth.module.UnixSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.spockframework.runtime.extension.ExtensionException;
import org.spockframework.runtime.extension.IAnnotationDrivenExtension;
import org.spockframework.runtime.model.SpecInfo;

/** Carries out {@link RequiresKernel}. */
public final class RequiresKernelExtension implements IAnnotationDrivenExtension<RequiresKernel> {
    @Override
    public void visitSpecAnnotation(RequiresKernel annotation, SpecInfo spec) {
        List<String> lacks = new ArrayList<>();
        if (annotation.root() && new UnixSystem().getUid() != 0) {
            lacks.add("root");
        }
        for (String program : annotation.programs()) {
            String[] parts = program.split(":");
            if (!isOnPath(parts[0])) {
                lacks.add("`%s` (Debian: apt-get install %s)".formatted(parts[0], parts[parts.length - 1]));
            }
        }
        if (lacks.isEmpty()) {
            return;
        }
        String reason = "this machine lacks " + String.join(", ", lacks);
        if ("1".equals(System.getenv("GANTRY_MUST_WORK"))) {
            spec.addInterceptor(invocation -> {
                throw new ExtensionException("%s, and GANTRY_MUST_WORK is 1".formatted(reason));
            });
        } else {
            spec.skip(reason);
        }
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        return Arrays.stream(path.split(":")).anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    }
}
