package dev.gantry.seccomp;

import dev.gantry.oci.SeccompAction;
import dev.gantry.oci.SeccompArch;
import dev.gantry.oci.SeccompFlag;
import dev.gantry.oci.SeccompOperator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * What can be had of seccomp: by this version of Gantry, and on this machine.
 *
 * @param isEnabled whether the kernel has filters at all
 * @param actions those that a profile can name
 * @param operators those that a profile can name
 * @param architectures those that a profile can name; libseccomp may know fewer
 * @param knownFlags those that a profile can name
 * @param supportedFlags those that this kernel takes
 */
public record SeccompFeatures(
        boolean isEnabled,
        Set<SeccompAction> actions,
        Set<SeccompOperator> operators,
        Set<SeccompArch> architectures,
        Set<SeccompFlag> knownFlags,
        Set<SeccompFlag> supportedFlags) {
    private static final Path ACTIONS = Path.of("/proc/sys/kernel/seccomp/actions_avail");

    /** Returns what this machine can do; needs no privileges and loads nothing. */
    public static SeccompFeatures read() {
        return of(Files.exists(ACTIONS), System.getProperty("os.version"));
    }

    /** Returns what a kernel can do that is at least the oldest one Gantry runs on, {@code 6.1.0-13-amd64}. */
    static SeccompFeatures of(boolean enabled, String kernel) {
        Set<SeccompFlag> known = EnumSet.allOf(SeccompFlag.class);
        Set<SeccompFlag> supported = enabled ? EnumSet.copyOf(known) : EnumSet.noneOf(SeccompFlag.class);
        if (isBefore(kernel, 5, 19)) {
            supported.remove(SeccompFlag.WAIT_KILLABLE_RECV);
        }
        return new SeccompFeatures(
                enabled,
                EnumSet.allOf(SeccompAction.class),
                EnumSet.allOf(SeccompOperator.class),
                EnumSet.allOf(SeccompArch.class),
                known,
                supported);
    }

    private static boolean isBefore(String kernel, int major, int minor) {
        String[] numbers = kernel.split("[^0-9]", 3);
        int difference = Integer.parseInt(numbers[0]) - major;
        return difference < 0 || difference == 0 && Integer.parseInt(numbers[1]) < minor;
    }
}
