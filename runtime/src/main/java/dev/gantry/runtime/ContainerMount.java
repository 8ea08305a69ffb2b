package dev.gantry.runtime;

import dev.gantry.wire.RawText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A mount as a container sees it, proc_pid_mountinfo(5).
 *
 * @param target where it is
 * @param type of file system
 * @param source what the kernel calls it
 * @param options those of the mount, then those of its file system
 */
public record ContainerMount(String target, String type, String source, List<String> options) {
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");
    private static final int TARGET = 4;
    private static final int OPTIONS = 5;
    private static final int TYPE = 0; // counted from behind the dash that ends the optional fields
    private static final int SOURCE = 1;
    private static final int SUPER_OPTIONS = 2;

    public ContainerMount {
        options = List.copyOf(options);
    }

    static List<ContainerMount> of(int pid) throws IOException {
        return RawText.lines(Files.readAllBytes(Path.of("/proc/%d/mountinfo".formatted(pid)))).stream()
                .map(ContainerMount::parse)
                .toList();
    }

    static ContainerMount parse(String line) {
        String[] halves = line.split(" - ", 2);
        String[] mount = halves[0].split(" ");
        String[] fileSystem = halves[1].split(" ");
        List<String> options = Stream.of(mount[OPTIONS], fileSystem[SUPER_OPTIONS])
                .flatMap(all -> Stream.of(all.split(",")))
                .distinct()
                .toList();
        return new ContainerMount(unescaped(mount[TARGET]), fileSystem[TYPE], unescaped(fileSystem[SOURCE]), options);
    }

    /** Returns a path that the kernel has written in mountinfo, where some characters are octal numbers. */
    static String unescaped(String path) {
        return OCTAL.matcher(path).replaceAll(ContainerMount::character);
    }

    private static String character(MatchResult octal) {
        return Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(octal.group(1), 8)));
    }
}
