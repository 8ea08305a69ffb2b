package dev.gantry.repl;

import dev.gantry.host.HostFacts;
import dev.gantry.kernel.jnr.LinuxKernel;
import dev.gantry.plan.Host;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at this machine with the eyes of a container runtime; changes nothing. */
public final class Doctor {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");
    private static final int LEAST_MAJOR = 5;
    private static final int LEAST_MINOR = 12;

    private final Ink ink;
    private final List<Finding> findings = new ArrayList<>();

    /** What was looked at, what is there, and what to do if that is not enough. */
    private record Finding(boolean good, boolean needed, String what, String found, String advice) {}

    Doctor(Ink ink) {
        this.ink = ink;
        kernel();
        cgroups();
        userNamespaces();
        fileSystems();
        seccomp();
        landlock();
        securityModules();
        programs();
    }

    /** Creates a doctor that writes without colours. */
    public Doctor() {
        this(new Ink(false));
    }

    /** Returns whether containers can be made here at all. */
    public boolean isHealthy() {
        return findings.stream().noneMatch(finding -> finding.needed() && !finding.good());
    }

    /** Returns a line for each finding, without a line feed at the end. */
    public String report() {
        int width = findings.stream()
                .mapToInt(finding -> finding.what().length())
                .max()
                .orElse(0);
        return findings.stream()
                .map(finding -> {
                    String mark =
                            finding.good() ? ink.good("ok  ") : finding.needed() ? ink.bad("lack") : ink.warm("note");
                    String advice = finding.good() || finding.advice().isEmpty() ? "" : "; " + finding.advice();
                    String name =
                            finding.what() + " ".repeat(width - finding.what().length());
                    return "%s  %s  %s%s".formatted(mark, name, finding.found(), advice);
                })
                .collect(Collectors.joining("\n"));
    }

    private void kernel() {
        String release = read("/proc/sys/kernel/osrelease").orElse("unknown");
        Matcher version = VERSION.matcher(release);
        boolean enough = version.matches()
                && (Integer.parseInt(version.group(1)) > LEAST_MAJOR
                        || Integer.parseInt(version.group(1)) == LEAST_MAJOR
                                && Integer.parseInt(version.group(2)) >= LEAST_MINOR);
        needed(enough, "kernel", release, "Gantry needs Linux %d.%d or later".formatted(LEAST_MAJOR, LEAST_MINOR));
    }

    private void cgroups() {
        Host host = HostFacts.read();
        String mode = host.cgroups().isEmpty()
                ? "none mounted"
                : host.isPurelyUnified()
                        ? "v2"
                        : host.unified().isPresent() ? "v1 with a v2 hierarchy beside it" : "v1";
        String controllers = host.cgroups().stream()
                .flatMap(hierarchy -> hierarchy.controllers().stream())
                .filter(name -> !name.startsWith("name="))
                .sorted()
                .distinct()
                .collect(Collectors.joining(" "));
        noted(
                !host.cgroups().isEmpty(),
                "cgroups",
                "%s: %s".formatted(mode, controllers),
                "containers will have no limits");
        noted(
                host.isRoot(),
                "user",
                host.isRoot() ? "root" : "uid %d".formatted(host.uid()),
                "without root, a container needs a user namespace, and limits a delegated cgroup v2");
    }

    private void userNamespaces() {
        boolean allowed = read("/proc/sys/user/max_user_namespaces")
                        .map(most -> !most.equals("0"))
                        .orElse(false)
                && read("/proc/sys/kernel/unprivileged_userns_clone")
                        .map(on -> on.equals("1"))
                        .orElse(true)
                && read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
                        .map(on -> on.equals("0"))
                        .orElse(true);
        noted(
                allowed,
                "user namespaces",
                allowed ? "for everybody" : "not for unprivileged users",
                "see sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone,"
                        + " kernel.apparmor_restrict_unprivileged_userns");
        noted(
                find("newuidmap").isPresent(),
                "newuidmap",
                found("newuidmap"),
                "install uidmap to map more than one id without root");
    }

    private void fileSystems() {
        boolean overlay =
                read("/proc/filesystems").map(all -> all.contains("\toverlay")).orElse(false);
        noted(overlay, "overlayfs", overlay ? "yes" : "no", "`rootfs host()` needs it: modprobe overlay");
    }

    private void seccomp() {
        Optional<String> actions = read("/proc/sys/kernel/seccomp/actions_avail");
        noted(
                actions.isPresent(),
                "seccomp",
                actions.orElse("no"),
                "the kernel is built without CONFIG_SECCOMP_FILTER");
        boolean library = Stream.of("/usr/lib", "/lib", "/usr/lib64", "/lib64")
                .map(Path::of)
                .filter(Files::isDirectory)
                .anyMatch(Doctor::hasLibseccomp);
        noted(library, "libseccomp", library ? "yes" : "no", "install libseccomp2 to use seccomp profiles");
    }

    private void landlock() {
        int version = LinuxKernel.load().landlockVersion();
        noted(
                version > 0,
                "landlock",
                version > 0 ? "version " + version : "no",
                "add `landlock` to the boot parameter lsm= to use it in containers");
    }

    private static boolean hasLibseccomp(Path directory) {
        try (Stream<Path> files = Files.find(
                directory,
                2,
                (path, attributes) -> path.getFileName().toString().startsWith("libseccomp.so.2"))) {
            return files.findAny().isPresent();
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private void securityModules() {
        Host host = HostFacts.read();
        String names =
                host.securityModules().stream().map(Object::toString).sorted().collect(Collectors.joining(" "));
        noted(!names.isEmpty(), "security modules", names.isEmpty() ? "none" : names, "labels in a config are refused");
    }

    private void programs() {
        noted(find("criu").isPresent(), "criu", found("criu"), "install criu to checkpoint and restore");
        for (String engine : List.of("podman", "containerd", "dockerd", "buildah", "crio")) {
            find(engine).ifPresent(path -> noted(true, engine, path, ""));
        }
    }

    private void needed(boolean good, String what, String found, String advice) {
        findings.add(new Finding(good, true, what, found, advice));
    }

    private void noted(boolean good, String what, String found, String advice) {
        findings.add(new Finding(good, false, what, found, advice));
    }

    private static String found(String program) {
        return find(program).orElse("not found");
    }

    private static Optional<String> find(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        return Stream.of((path + ":/usr/sbin:/sbin").split(":"))
                .map(directory -> new File(directory, program))
                .filter(File::canExecute)
                .map(File::getPath)
                .findFirst();
    }

    private static Optional<String> read(String file) {
        try {
            return Optional.of(Files.readString(Path.of(file)).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
