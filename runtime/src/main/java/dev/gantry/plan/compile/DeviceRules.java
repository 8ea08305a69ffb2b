package dev.gantry.plan.compile;

import dev.gantry.oci.DeviceRule;
import dev.gantry.oci.DeviceRuleType;
import dev.gantry.plan.CgroupChange;
import dev.gantry.plan.CgroupHierarchy;
import dev.gantry.plan.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Plans which devices a container may use: by the files of the v1 controller, or by a program on cgroup v2.
 *
 * <p>As for runc, everything is denied but what a rule allows, whatever the cgroup above may, and a last word is had by
 * what every container is let do.
 */
final class DeviceRules {
    /** The kernel's verifier keeps 8192 jumps in mind, of which a rule takes four at most. */
    static final int MOST = 2000;

    private static final String PATH = "linux.resources.devices";
    private static final String ALL_ACCESS = "rwm";

    /** What runc and crun let every container do, whatever its own rules say. */
    private static final List<DeviceRule> ALWAYS_ALLOWED = List.of(
            rule(DeviceRuleType.CHARACTER, null, null, "m"),
            rule(DeviceRuleType.BLOCK, null, null, "m"),
            rule(DeviceRuleType.CHARACTER, 1L, 3L, ALL_ACCESS),
            rule(DeviceRuleType.CHARACTER, 1L, 8L, ALL_ACCESS),
            rule(DeviceRuleType.CHARACTER, 1L, 7L, ALL_ACCESS),
            rule(DeviceRuleType.CHARACTER, 5L, 0L, ALL_ACCESS),
            rule(DeviceRuleType.CHARACTER, 1L, 5L, ALL_ACCESS),
            rule(DeviceRuleType.CHARACTER, 1L, 9L, ALL_ACCESS),
            rule(DeviceRuleType.CHARACTER, 136L, null, ALL_ACCESS),
            rule(DeviceRuleType.CHARACTER, 5L, 2L, ALL_ACCESS));

    private DeviceRules() {}

    /** Returns the changes that make the rules of a config those of its cgroup. */
    static List<CgroupChange> of(List<DeviceRule> rules, Host host, Map<CgroupHierarchy, String> dirs) {
        String v1 = host.hierarchyOf("devices").map(dirs::get).orElse(null);
        if (v1 != null) {
            return writes(rules, v1);
        }
        String v2 = host.isRoot() && host.isPurelyUnified()
                ? host.unified().map(dirs::get).orElse(null)
                : null;
        return v2 == null ? List.of() : List.of(new CgroupChange.GuardDevices(PATH, v2, complete(rules)));
    }

    private static List<DeviceRule> complete(List<DeviceRule> rules) {
        return Stream.concat(rules.stream(), ALWAYS_ALLOWED.stream())
                .map(rule -> new DeviceRule(
                        rule.allow(), type(rule), unlessAny(rule.major()), unlessAny(rule.minor()), access(rule)))
                .toList();
    }

    private static List<CgroupChange> writes(List<DeviceRule> rules, String dir) {
        List<CgroupChange> writes = new ArrayList<>();
        if (rules.isEmpty() || !isEverything(rules.get(0))) {
            writes.add(new CgroupChange.Write(PATH, dir + "/devices.deny", "a"));
        }
        for (int i = 0; i < rules.size(); i++) {
            write(writes, PATH + "[" + i + "]", dir, rules.get(i));
        }
        ALWAYS_ALLOWED.forEach(rule -> write(writes, PATH, dir, rule));
        return writes;
    }

    private static void write(List<CgroupChange> writes, String ociPath, String dir, DeviceRule rule) {
        String file = dir + (Boolean.TRUE.equals(rule.allow()) ? "/devices.allow" : "/devices.deny");
        if (isEverything(rule)) {
            writes.add(new CgroupChange.Write(ociPath, file, "a"));
            return;
        }
        if (access(rule).isEmpty()) {
            return; // it asks for nothing that there is
        }
        // whatever follows an `a`, the kernel takes it for all access to all devices
        List<String> types = type(rule) == DeviceRuleType.ALL
                ? List.of(DeviceRuleType.BLOCK.ociName(), DeviceRuleType.CHARACTER.ociName())
                : List.of(type(rule).ociName());
        for (String type : types) {
            String value = "%s %s:%s %s".formatted(type, star(rule.major()), star(rule.minor()), access(rule));
            writes.add(new CgroupChange.Write(ociPath, file, value));
        }
    }

    /** Returns whether it says what holds anyhow. */
    static boolean deniesAll(DeviceRule rule) {
        return !Boolean.TRUE.equals(rule.allow()) && isEverything(rule);
    }

    private static boolean isEverything(DeviceRule rule) {
        return type(rule) == DeviceRuleType.ALL
                && star(rule.major()).equals("*")
                && star(rule.minor()).equals("*")
                && access(rule).equals(ALL_ACCESS);
    }

    private static DeviceRuleType type(DeviceRule rule) {
        return rule.type() == null ? DeviceRuleType.ALL : rule.type();
    }

    /** In the kernel's order and without what it does not know: some say {@code rwa}. */
    private static String access(DeviceRule rule) {
        if (rule.access() == null) {
            return ALL_ACCESS;
        }
        return ALL_ACCESS
                .chars()
                .filter(letter -> rule.access().indexOf(letter) >= 0)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static String star(Long number) {
        return unlessAny(number) == null ? "*" : Long.toString(number);
    }

    private static Long unlessAny(Long number) {
        return number == null || number < 0 ? null : number;
    }

    private static DeviceRule rule(DeviceRuleType type, Long major, Long minor, String access) {
        return new DeviceRule(true, type, major, minor, access);
    }
}
