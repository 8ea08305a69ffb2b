package dev.gantry.plan;

import dev.gantry.oci.Capability;
import dev.gantry.oci.Seccomp;
import dev.gantry.oci.SeccompFlag;
import dev.gantry.wire.Op;
import dev.gantry.wire.Orders;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Steps about what the process is allowed: whose it is, its capabilities, and what confines it. */
public sealed interface PrivilegeStep extends InitStep {

    /** Becomes root of the user namespace, or another of its users where no root is mapped. */
    record BecomeRoot(long uid, long gid, boolean dropGroups) implements PrivilegeStep {
        @Override
        public String describe() {
            return uid == 0 && gid == 0
                    ? "become root of the user namespace"
                    : "become `%d:%d` of the user namespace".formatted(uid, gid);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.SET_IDS).set("uid", uid).set("gid", gid).set("drop_groups", dropGroups);
        }
    }

    /** Sets the file mode creation mask. */
    record SetUmask(int mask) implements PrivilegeStep {
        @Override
        public String describe() {
            return "set umask `%04o`".formatted(mask);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.UMASK).set("mask", mask);
        }
    }

    /** Lets no execve(2) grant privileges from here on. */
    record NoNewPrivileges() implements PrivilegeStep {
        @Override
        public String describe() {
            return "set no_new_privs";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.NO_NEW_PRIVS);
        }
    }

    /** Drops every other capability from the bounding set. */
    record LimitCapabilities(Set<Capability> bounding) implements PrivilegeStep {
        public LimitCapabilities {
            bounding = Set.copyOf(bounding);
        }

        @Override
        public String describe() {
            return "limit capabilities";
        }

        @Override
        public String details() {
            return words(bounding);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.BOUNDING).set("keep", bits(bounding));
        }

        static String words(Set<Capability> set) {
            return set.isEmpty()
                    ? "none"
                    : set.stream().map(Capability::ociName).sorted().collect(Collectors.joining(","));
        }

        static long bits(Set<Capability> set) {
            return set.stream().mapToLong(c -> 1L << c.number()).reduce(0, (a, b) -> a | b);
        }
    }

    /** Becomes the user; groups are left as they are where the user namespace forbids to set them. */
    record SetUser(long uid, long gid, boolean setGroups, List<Long> groups) implements PrivilegeStep {
        public SetUser {
            groups = List.copyOf(groups);
        }

        @Override
        public String describe() {
            return "become user `%d:%d`".formatted(uid, gid);
        }

        @Override
        public String details() {
            return groups.isEmpty() ? "" : "groups " + groups;
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.USER)
                    .set("uid", uid)
                    .set("gid", gid)
                    .set("set_groups", setGroups)
                    .setNumbers("groups", groups);
        }
    }

    /** Sets the process's own capability sets. */
    record SetCapabilities(
            Set<Capability> effective, Set<Capability> permitted, Set<Capability> inheritable, Set<Capability> ambient)
            implements PrivilegeStep {
        public SetCapabilities {
            effective = Set.copyOf(effective);
            permitted = Set.copyOf(permitted);
            inheritable = Set.copyOf(inheritable);
            ambient = Set.copyOf(ambient);
        }

        @Override
        public String describe() {
            return "set capabilities";
        }

        @Override
        public String details() {
            return "effective " + LimitCapabilities.words(effective);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.CAPABILITIES)
                    .set("effective", LimitCapabilities.bits(effective))
                    .set("permitted", LimitCapabilities.bits(permitted))
                    .set("inheritable", LimitCapabilities.bits(inheritable));
            orders.add(Op.AMBIENT).set("raise", LimitCapabilities.bits(ambient));
        }
    }

    /**
     * Restricts the process, and all that it starts, by Landlock. As late as can be: mounts can be changed no more. The
     * kernel lets a process do it that has no_new_privs or {@code CAP_SYS_ADMIN}.
     */
    record RestrictAccess(Landlock rules) implements PrivilegeStep {
        @Override
        public String describe() {
            return "restrict access by Landlock";
        }

        @Override
        public String details() {
            return rules.describe();
        }

        @Override
        public void order(Orders orders) {
            List<Long> access = new ArrayList<>();
            List<Long> ports = new ArrayList<>();
            rules.paths().forEach(rule -> access.addAll(List.of(rule.ofDirectory(), rule.ofFile())));
            rules.ports().forEach(rule -> ports.addAll(List.of((long) rule.port(), rule.access())));
            List<String> paths =
                    rules.paths().stream().map(Landlock.PathRule::path).toList();
            orders.add(Op.LANDLOCK)
                    .set("fs", rules.fs())
                    .set("net", rules.net())
                    .set("scoped", rules.scoped())
                    .set("paths", paths)
                    .setNumbers("access", access)
                    .setNumbers("ports", ports);
        }
    }

    /**
     * Filters the process's system calls from here on; the runtime hands over the compiled filter. The kernel takes one
     * only from a process with no_new_privs or {@code CAP_SYS_ADMIN}.
     */
    record InstallSeccomp(Seccomp profile) implements PrivilegeStep {
        private static final int NEW_LISTENER = 0x08;

        @Override
        public String describe() {
            return "install seccomp filter";
        }

        @Override
        public String details() {
            return "default %s, %d rules, flags %#x"
                    .formatted(
                            profile.defaultAction().ociName(),
                            profile.syscalls().size(),
                            flags());
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.SECCOMP).set("flags", flags());
        }

        /** TSYNC counts nothing: there is but one thread, and a listener may not be asked for along with it. */
        private int flags() {
            List<SeccompFlag> wanted = profile.flags() == null ? List.of(SeccompFlag.SPEC_ALLOW) : profile.flags();
            int flags = profile.notifies() ? NEW_LISTENER : 0;
            for (SeccompFlag flag : wanted) {
                boolean counts =
                        flag != SeccompFlag.TSYNC && (flag != SeccompFlag.WAIT_KILLABLE_RECV || profile.notifies());
                flags |= counts ? flag.flag() : 0;
            }
            return flags;
        }
    }

    /**
     * Gives up {@code CAP_SYS_ADMIN}, kept this long for the steps that confine the process only; these sets are what
     * is left.
     */
    record GiveUpAdmin(Set<Capability> effective, Set<Capability> permitted, Set<Capability> inheritable)
            implements PrivilegeStep {
        public GiveUpAdmin {
            effective = Set.copyOf(effective);
            permitted = Set.copyOf(permitted);
            inheritable = Set.copyOf(inheritable);
        }

        @Override
        public String describe() {
            return "give up CAP_SYS_ADMIN";
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.CAPABILITIES)
                    .set("effective", LimitCapabilities.bits(effective))
                    .set("permitted", LimitCapabilities.bits(permitted))
                    .set("inheritable", LimitCapabilities.bits(inheritable));
        }
    }

    /** Sets what a security module gives the next program, by a file of the process's {@code attr} in procfs. */
    record SetLabel(String attribute, String label) implements PrivilegeStep {
        @Override
        public String describe() {
            return "write `%s` to `attr/%s`".formatted(label, attribute);
        }

        @Override
        public void order(Orders orders) {
            orders.add(Op.LABEL).set("attribute", attribute).set("label", label);
        }
    }
}
