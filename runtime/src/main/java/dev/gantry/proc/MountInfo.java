package dev.gantry.proc;

import dev.gantry.wire.RawText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * One mount of a process, a line of proc_pid_mountinfo(5).
 *
 * @param parent the id of the mount that it lies on
 * @param root the directory of its file system that is seen at the mount point
 * @param point its mount point
 * @param options those of the mount alone, separated by commas
 * @param type of file system
 * @param source what the kernel calls it
 * @param superOptions those of the file system, separated by commas
 */
public record MountInfo(
        String id,
        String parent,
        String root,
        String point,
        String options,
        String type,
        String source,
        String superOptions) {
    private static final int OCTAL_DIGITS = 3;
    private static final int OCTAL = 8;

    /**
     * Returns the mounts as a process sees them, in the kernel's order.
     *
     * @param process a pid, or {@code self}
     * @throws IOException if there is no such process, or it may not be looked at
     */
    public static List<MountInfo> of(String process) throws IOException {
        return parse(RawText.lines(Files.readAllBytes(Path.of("/proc", process, "mountinfo"))));
    }

    /** Returns the options of the mount, then those of its file system, each once. */
    public List<String> allOptions() {
        return Stream.of(options, superOptions)
                .flatMap(all -> Stream.of(all.split(",")))
                .distinct()
                .toList();
    }

    /** Reads the lines of such a file. */
    static List<MountInfo> parse(List<String> lines) {
        return lines.stream().map(MountInfo::parse).toList();
    }

    private static MountInfo parse(String line) {
        String[] halves = line.split(" - ", 2); // before it any number of optional fields
        String[] left = halves[0].split(" ");
        String[] right = halves[1].split(" ");
        return new MountInfo(
                left[0],
                left[1],
                unescaped(left[3]),
                unescaped(left[4]),
                left[5],
                right[0],
                unescaped(right[1]),
                right[2]);
    }

    /** Blanks, line ends and backslashes are octal there. */
    private static String unescaped(String field) {
        int escape = field.indexOf('\\');
        if (escape < 0) {
            return field;
        }
        StringBuilder text = new StringBuilder();
        int begin = 0;
        while (escape >= 0) {
            int end = escape + 1 + OCTAL_DIGITS;
            text.append(field, begin, escape).append((char) Integer.parseInt(field.substring(escape + 1, end), OCTAL));
            begin = end;
            escape = field.indexOf('\\', begin);
        }
        return text.append(field, begin, field.length()).toString();
    }
}
