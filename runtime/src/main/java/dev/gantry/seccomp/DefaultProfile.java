package dev.gantry.seccomp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.error.Problems;
import dev.gantry.json.Json;
import dev.gantry.oci.Capability;
import dev.gantry.oci.Seccomp;
import dev.gantry.oci.SeccompArch;
import dev.gantry.oci.SeccompArg;
import dev.gantry.oci.SeccompSyscall;
import dev.gantry.oci.codec.OciReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The built-in profile, as strict as Docker's: what ordinary programs need is allowed, everything else is refused with
 * {@code EPERM}, and a call that only makes sense with some capability is allowed to those who have it.
 *
 * <p>The rules are the resource {@code default-profile.json}: a profile in OCI terms, whose members
 * {@code withCapability} and {@code withoutCapability} hold more rules for processes that have one or have it not.
 */
public final class DefaultProfile {
    private static final String RESOURCE = "default-profile.json";

    private DefaultProfile() {}

    /**
     * Returns the profile for this machine.
     *
     * @param capabilities those the container's processes can have: the bounding set
     */
    public static Seccomp forCapabilities(Set<Capability> capabilities) {
        return forCapabilities(capabilities, System.getProperty("os.arch"));
    }

    /** Returns the profile for machines that Java calls {@code machine}. */
    static Seccomp forCapabilities(Set<Capability> capabilities, String machine) {
        Problems problems = new Problems();
        JsonNode document = document();
        Seccomp base = OciReader.seccomp(document, problems);
        List<SeccompSyscall> rules = new ArrayList<>(base.syscalls());
        for (JsonNode part : document.get("withCapability")) {
            if (capabilities.contains(capability(part))) {
                rules.addAll(OciReader.seccomp(part, problems).syscalls());
            }
        }
        for (JsonNode part : document.get("withoutCapability")) {
            if (!capabilities.contains(capability(part))) {
                rules.addAll(OciReader.seccomp(part, problems).syscalls());
            }
        }
        problems.throwIfAny();
        if (machine.equals("s390x")) {
            rules.replaceAll(DefaultProfile::withFlagsSecond);
        }
        return new Seccomp(
                base.defaultAction(), base.defaultErrnoRet(), architectures(machine), null, null, null, rules);
    }

    /** Returns the names of all system calls that the profile knows, sorted. */
    public static Set<String> callNames() {
        Set<String> names = new TreeSet<>();
        document().findValues("names").forEach(list -> list.forEach(name -> names.add(name.asText())));
        return names;
    }

    private static JsonNode document() {
        try (InputStream in = DefaultProfile.class.getResourceAsStream(RESOURCE)) {
            return Json.parse(in.readAllBytes(), RESOURCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Capability capability(JsonNode part) {
        return Capability.of(part.get("capability").textValue()).orElseThrow();
    }

    /** The machine's own, and those whose programs its kernel runs as well. */
    private static List<SeccompArch> architectures(String machine) {
        return switch (machine) {
            case "amd64" -> List.of(SeccompArch.X86_64, SeccompArch.X86, SeccompArch.X32);
            case "aarch64" -> List.of(SeccompArch.AARCH64, SeccompArch.ARM);
            case "s390x" -> List.of(SeccompArch.S390X, SeccompArch.S390);
            default -> List.of(); // the native one is always covered
        };
    }

    /** On this machine alone, clone(2) takes the stack before the flags. */
    private static SeccompSyscall withFlagsSecond(SeccompSyscall rule) {
        if (!rule.names().contains("clone")) {
            return rule;
        }
        List<SeccompArg> args = rule.args().stream()
                .map(arg -> new SeccompArg(1L, arg.value(), arg.valueTwo(), arg.op()))
                .toList();
        return new SeccompSyscall(rule.names(), rule.action(), rule.errnoRet(), args);
    }
}
