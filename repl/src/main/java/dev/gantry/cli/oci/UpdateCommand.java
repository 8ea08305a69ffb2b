package dev.gantry.cli.oci;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Opt;
import dev.gantry.cli.command.UsageException;
import dev.gantry.error.Problems;
import dev.gantry.files.RawPath;
import dev.gantry.files.WholeFile;
import dev.gantry.json.Json;
import dev.gantry.oci.BlockIo;
import dev.gantry.oci.Cpu;
import dev.gantry.oci.Memory;
import dev.gantry.oci.Pids;
import dev.gantry.oci.Resources;
import dev.gantry.oci.codec.OciReader;
import dev.gantry.runtime.Gantry;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.cli.Options;

/** {@code update}: changes the limits of a container; what is not said stays. */
final class UpdateCommand implements Command {
    private static final Pattern SIZE = Pattern.compile("(-?\\d+)([kmgt]?)i?b?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "kmgt";

    @Override
    public String summary() {
        return "change the limits of a container";
    }

    @Override
    public String arguments() {
        return "[options] CONTAINER";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Opt.value("r", "resources", "FILE", "read `linux.resources` from a file, or - for stdin"))
                .addOption(Opt.value(null, "blkio-weight", "WEIGHT", "share of block I/O, 10 to 1000"))
                .addOption(Opt.value(null, "cpu-period", "MICROS", "period of the quota"))
                .addOption(Opt.value(null, "cpu-quota", "MICROS", "processor time in each period"))
                .addOption(Opt.value(null, "cpu-burst", "MICROS", "what unused quota may add up to"))
                .addOption(Opt.value(null, "cpu-share", "SHARES", "share of processor time"))
                .addOption(Opt.value(null, "cpu-rt-period", "MICROS", "period of realtime processes"))
                .addOption(Opt.value(null, "cpu-rt-runtime", "MICROS", "time of realtime processes in each period"))
                .addOption(Opt.value(null, "cpu-idle", "0|1", "1 for the idle class"))
                .addOption(Opt.value(null, "cpuset-cpus", "LIST", "processors to use"))
                .addOption(Opt.value(null, "cpuset-mems", "LIST", "memory nodes to use"))
                .addOption(Opt.value(null, "memory", "SIZE", "memory limit; -1 for none"))
                .addOption(Opt.value(null, "memory-reservation", "SIZE", "memory that is left to it"))
                .addOption(Opt.value(null, "memory-swap", "SIZE", "limit of memory and swap together; -1 for none"))
                .addOption(Opt.value(null, "kernel-memory", "SIZE", "accepted, and without effect"))
                .addOption(Opt.value(null, "kernel-memory-tcp", "SIZE", "accepted, and without effect"))
                .addOption(Opt.value(null, "pids-limit", "NUMBER", "most tasks; -1 for no limit"));
    }

    @Override
    public int run(Invocation in) throws IOException {
        String id = in.onlyId();
        String file = in.value("resources", null);
        Resources changes = file == null ? ofOptions(in) : ofFile(file);
        try (Gantry gantry = in.open()) {
            gantry.container(id).update(changes);
        }
        return 0;
    }

    private static Resources ofFile(String file) throws IOException {
        byte[] text = file.equals("-")
                ? WholeFile.read(System.in, Json.MAX_BYTES)
                : WholeFile.read(RawPath.here(file), Json.MAX_BYTES);
        Problems problems = new Problems();
        Resources resources =
                OciReader.resources(Json.parse(text, file.equals("-") ? "standard input" : file), problems);
        problems.throwIfAny();
        return resources;
    }

    private static Resources ofOptions(Invocation in) {
        Integer weight = in.has("blkio-weight") ? Integer.valueOf((int) number(in, "blkio-weight")) : null;
        return Resources.builder()
                .cpu(new Cpu(
                        optional(in, "cpu-share"),
                        optional(in, "cpu-quota"),
                        optional(in, "cpu-burst"),
                        optional(in, "cpu-period"),
                        optional(in, "cpu-rt-runtime"),
                        optional(in, "cpu-rt-period"),
                        in.value("cpuset-cpus", null),
                        in.value("cpuset-mems", null),
                        optional(in, "cpu-idle")))
                .memory(new Memory(
                        size(in, "memory"),
                        size(in, "memory-reservation"),
                        size(in, "memory-swap"),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null))
                .pids(in.has("pids-limit") ? new Pids(number(in, "pids-limit")) : null)
                .blockIO(
                        weight == null
                                ? null
                                : new BlockIo(weight, null, List.of(), List.of(), List.of(), List.of(), List.of()))
                .build();
    }

    private static Long optional(Invocation in, String option) {
        return in.has(option) ? Long.valueOf(number(in, option)) : null;
    }

    private static long number(Invocation in, String option) {
        String text = in.value(option, "");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UsageException("invalid value for %s: `%s` is not a number".formatted(option, text));
        }
    }

    private static Long size(Invocation in, String option) {
        if (!in.has(option)) {
            return null;
        }
        Matcher size = SIZE.matcher(in.value(option, "").strip());
        if (!size.matches() || size.group(1).length() > 18) {
            throw new UsageException(
                    "invalid value for %s: `%s` is not a size".formatted(option, in.value(option, "")));
        }
        String unit = size.group(2).toLowerCase(Locale.ROOT);
        return Long.parseLong(size.group(1)) << (unit.isEmpty() ? 0 : 10 * (UNITS.indexOf(unit) + 1));
    }
}
