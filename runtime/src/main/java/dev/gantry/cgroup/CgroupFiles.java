package dev.gantry.cgroup;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.kernel.Fd;
import dev.gantry.kernel.Kernel;
import dev.gantry.kernel.KernelException;
import dev.gantry.kernel.OpenFlag;
import dev.gantry.value.ControlFiles;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The control files of a cgroup by name, wherever its hierarchies keep them; cgroup v2's names for memory are
 * understood on cgroup v1 too. Any thread may use it.
 */
public final class CgroupFiles implements ControlFiles {
    private static final Pattern NAME = Pattern.compile("[a-z0-9_]+(\\.[A-Za-z0-9_]+)+");
    private static final Map<String, String> V1_NAMES = Map.of(
            "memory.max", "memory.limit_in_bytes",
            "memory.current", "memory.usage_in_bytes",
            "memory.peak", "memory.max_usage_in_bytes");

    private final Kernel kernel;
    private final ControllerDirs dirs;

    /** Creates the files of a cgroup. */
    public CgroupFiles(Kernel kernel, ControllerDirs dirs) {
        this.kernel = kernel;
        this.dirs = dirs;
    }

    @Override
    public String read(String name) {
        File file = find("read", name);
        return ControlFile.text(file.getPath())
                .orElseThrow(
                        () -> new ContainerException(ErrorKind.IO, "read `%s`: it cannot be read".formatted(name)));
    }

    @Override
    public void write(String name, String value) {
        File file = find("write", name);
        boolean unlimited = value.equals("max") && !file.getName().equals(name);
        byte[] bytes = (unlimited ? "-1" : value).getBytes(StandardCharsets.UTF_8);
        ByteBuffer text = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        try (Fd fd = kernel.open(file.getPath(), OpenFlag.WRONLY)) {
            kernel.write(fd, text);
        } catch (KernelException e) {
            throw new ContainerException(
                    ErrorKind.KERNEL,
                    "write `%s` to `%s`: %s (%s)"
                            .formatted(value, name, e.errno().text(), e.errno()),
                    e);
        }
    }

    @Override
    public List<String> names() {
        Set<String> names = new LinkedHashSet<>();
        dirs.dirs().values().forEach(dir -> namesIn(dir).forEach(names::add));
        V1_NAMES.forEach((name, v1) -> {
            if (names.contains(v1)) {
                names.add(name);
            }
        });
        return names.stream().sorted().toList();
    }

    private static Stream<String> namesIn(String dir) {
        File[] files = new File(dir).listFiles(File::isFile);
        return files == null ? Stream.empty() : Arrays.stream(files).map(File::getName);
    }

    private File find(String operation, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new ContainerException(
                    ErrorKind.CONFIG, "%s `%s`: that is no name of a control file".formatted(operation, name));
        }
        List<String> where = new ArrayList<>();
        dirs.of(name.substring(0, name.indexOf('.'))).ifPresent(where::add);
        dirs.unified().ifPresent(where::add);
        where.addAll(dirs.dirs().values());
        return where.stream()
                .flatMap(dir -> Stream.of(Optional.of(name), Optional.ofNullable(V1_NAMES.get(name)))
                        .flatMap(Optional::stream)
                        .map(each -> new File(dir, each)))
                .filter(File::isFile)
                .findFirst()
                .orElseThrow(() -> new ContainerException(
                        ErrorKind.NOT_FOUND,
                        "%s `%s`: the container has no such control file".formatted(operation, name)));
    }
}
