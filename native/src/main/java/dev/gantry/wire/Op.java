package dev.gantry.wire;

import static dev.gantry.wire.Field.Kind.BLOB;
import static dev.gantry.wire.Field.Kind.LIST;
import static dev.gantry.wire.Field.Kind.NUMBER;
import static dev.gantry.wire.Field.Kind.OPTIONAL;
import static dev.gantry.wire.Field.Kind.TEXT;

import java.util.List;
import java.util.Locale;

/**
 * Names every order that {@code gantry-init} understands, with its fields in the order in which they travel.
 *
 * <p>Paths called "host" are seen before the root is changed and are trusted; all others are resolved beneath the
 * container's root. The ordinal is the opcode: both sides are built together and compare {@link Wire#version()}.
 */
public enum Op {
    /** Reports that the runtime's turn has come and waits for it. */
    SYNC,
    /**
     * Reports that the process is complete but for its program, and waits for leave to go on. If asked, the socket is
     * closed then, and all later reports go to {@link Slot#REPORTS}.
     */
    READY(number("leave_socket")),
    /** As {@link #SYNC}, and takes from the runtime what the next hooks read on their standard input. */
    TAKE_STATE,
    /** Ends the process with success: it was made for the orders before this one only. */
    DONE,
    /** Fails with the given errno: where a test asks for a failure, and where there is no program to become. */
    FAIL(number("error")),

    /**
     * Opens a cgroup v2 (host path) for stage two to be born in: as the root of a mount of its own, read-only and
     * attached nowhere, from which no path leads to the host.
     */
    OPEN_CGROUP(text("path")),
    /**
     * Makes stage two, as a sibling, in new namespaces (CLONE_NEW* bits) and in the cgroup that {@link #OPEN_CGROUP}
     * opened, if any; stage one ends here.
     */
    CLONE(number("namespaces")),
    /** Moves the process itself into a cgroup v1 by its {@code tasks} file (host path). */
    JOIN_CGROUP(text("tasks")),
    /**
     * Opens the namespace at a host path and keeps it under an index: joining one may take the path of the next away.
     */
    OPEN_NAMESPACE(number("index"), text("path")),
    /** Joins the namespace that was opened under that index; the type is a CLONE_NEW* bit. */
    JOIN(number("index"), number("type")),
    /** Joins namespaces (CLONE_NEW* bits) of the process behind slot {@link Slot#TARGET}. */
    JOIN_TARGET(number("types")),
    /** Leaves namespaces (CLONE_NEW* bits) for new ones. */
    UNSHARE(number("types")),
    /** Writes an existing file at a path beneath a procfs in which nothing is mounted, whole, in one write. */
    WRITE_PROCFS(text("path"), text("content")),
    /** Sets or clears the dumpable attribute. */
    DUMPABLE(number("dumpable")),
    /** Becomes uid and gid, with no more groups if asked. */
    SET_IDS(number("uid"), number("gid"), number("drop_groups")),
    /** Starts a new session. */
    NEW_SESSION,
    /** Joins a new session keyring of that name. */
    KEYRING(optional("name")),
    /** Brings the loopback interface up. */
    LOOPBACK,
    /** Makes TCP sockets (AF_INET) in the network namespace that the process is in, and hands over each. */
    TCP_SOCKETS(number("count")),

    /** Sets the propagation (MS_* bit) of the mount at {@code /}. */
    PROPAGATION(number("type"), number("recursive")),
    /** Mounts a new file system on a host path. */
    MOUNT_HOST(text("type"), optional("source"), text("target"), number("attributes"), list("options")),
    /** Makes a directory at a host path, opaque as a directory of an overlay's upper layer if asked. */
    MAKE_DIR_HOST(text("path"), number("mode"), number("opaque")),
    /** Mounts the source that was opened under the index on a directory at a host path. */
    PLACE_SOURCE(number("index"), text("target")),
    /**
     * Opens a host path to be bound later and keeps it under an index, its mounts made slaves of the host's if asked.
     * Ids are mapped as the user namespace at a host path does, or as maps do (lines as in {@code uid_map}), if either
     * is given.
     */
    OPEN_SOURCE(
            number("index"),
            text("path"),
            number("recursive"),
            number("apart"),
            optional("user_namespace"),
            optional("uid_map"),
            optional("gid_map"),
            number("map_recursive")),
    /**
     * Mounts all sources that were opened in a new mount namespace, on an empty directory at a host path, so that their
     * flags are locked in the copy of it that another user namespace gets; they are taken from that copy.
     */
    STAGE_SOURCES(text("directory")),
    /**
     * Makes a new file system that is mounted nowhere yet and keeps it under an index, as a source; in a child if
     * asked, which is where a pid namespace that was joined begins.
     */
    OPEN_FILESYSTEM(number("index"), text("type"), optional("source"), number("in_child"), list("options")),
    /**
     * Makes a device node (S_IF* type, makedev number) in a file system of its own and keeps it under an index, unless
     * the host path is that device.
     */
    OPEN_NODE(
            number("index"),
            text("path"),
            number("type"),
            number("rdev"),
            number("mode"),
            number("uid"),
            number("gid")),
    /**
     * Takes the directory at a host path as the root, bound onto itself if asked, the mount in which it lies made
     * private before if asked; where the path is out of reach, the source that was opened under the index one less than
     * {@code opened}, unless 0.
     */
    OPEN_ROOT(text("path"), number("bind"), number("apart"), number("opened")),
    /**
     * Mounts a new file system (MOUNT_ATTR_* bits) in the root, the one that was opened under the index one less than
     * {@code opened}, unless 0.
     */
    MOUNT(
            text("type"),
            optional("source"),
            text("target"),
            number("opened"),
            number("attributes"),
            number("propagation"),
            number("propagation_recursive"),
            number("ordinary"),
            number("copy_mode"),
            number("copy_up"),
            list("options")),
    /**
     * Binds a source into the root. With {@code opened} 0 the source is a path: of the host, or beneath the root with
     * {@code in_root}. Otherwise it is the source that was opened under the index {@code opened} - 1, or with
     * {@code if_unreachable} that source only where the path cannot be reached. MOUNT_ATTR_* bits are set, cleared, and
     * tidied: cleared where that is allowed. The source must be of the file system of that magic number, unless 0.
     */
    BIND(
            text("source"),
            text("target"),
            number("opened"),
            number("if_unreachable"),
            number("in_root"),
            number("magic"),
            number("recursive"),
            number("set"),
            number("clear"),
            number("tidy"),
            number("recursive_set"),
            number("recursive_clear"),
            number("propagation"),
            number("propagation_recursive"),
            number("ordinary")),
    /**
     * Binds a device to the same path in the root: the node that was opened under the index one less than
     * {@code opened}, unless 0 or there is none; else the host's, if it is that device (S_IF* type, makedev number).
     */
    BIND_DEVICE(text("path"), number("type"), number("rdev"), number("opened")),
    /** Changes the attributes of a mount in the root. */
    MOUNT_ATTR(text("target"), number("set"), number("clear"), number("propagation"), number("recursive")),
    /** Makes a directory, and those above it. */
    MAKE_DIR(text("path"), number("mode")),
    /** Makes a device node or fifo (S_IF* type, makedev number). */
    MAKE_NODE(text("path"), number("type"), number("rdev"), number("mode"), number("uid"), number("gid")),
    /** Makes a symlink unless its name is taken. */
    SYMLINK(text("target"), text("path")),
    /** Makes the root the process's root and unmounts the old one. */
    PIVOT,
    /**
     * Makes the root the process's root without a pivot: every procfs and sysfs outside of it goes, and it is moved up.
     */
    MOVE_ROOT,
    /** Changes the root without a mount namespace of its own. */
    CHROOT,
    /** Closes the descriptors with which the root was built and covered. */
    CLOSE_ROOT,
    /** Covers a path: a file by the null device, a directory by an empty read-only one. */
    MASK(text("path")),
    /** Covers a path by itself, read-only. */
    READONLY_PATH(text("path")),

    /** Sets the host name. */
    HOSTNAME(text("name")),
    /** Sets the NIS domain name. */
    DOMAINNAME(text("name")),
    /** Writes a value to a file below {@code /proc/sys}. */
    SYSCTL(text("key"), text("value")),
    /** Sets a resource limit (RLIMIT_* number). */
    RLIMIT(number("resource"), number("soft"), number("hard")),
    /** Runs on these CPUs only (64-bit words of a mask), as far as the cgroup allows. */
    AFFINITY(blob("mask")),
    /** Sets policy and parameters of scheduling (struct sched_attr, SCHED_* and SCHED_FLAG_* numbers). */
    SCHEDULER(
            number("policy"),
            number("flags"),
            number("nice"),
            number("priority"),
            number("runtime"),
            number("deadline"),
            number("period")),
    /** Sets the I/O priority (class and level in one number, ioprio_set(2)). */
    IO_PRIORITY(number("priority")),
    /** Sets the execution domain (PER_* number). */
    PERSONALITY(number("domain")),
    /** Sets the NUMA policy (MPOL_* numbers) for these nodes (64-bit words of a mask). */
    MEMORY_POLICY(number("mode"), blob("nodes")),
    /** Writes a label for the next program to a file of the process's {@code attr} directory in procfs. */
    LABEL(text("attribute"), text("label")),
    /** Sets the file mode creation mask. */
    UMASK(number("mask")),
    /** Moves the descriptors of the three stdio slots to 0, 1 and 2. */
    STDIO,
    /**
     * Replaces each of 0, 1 and 2 that is a null device by the container's own null device, if it has one: a process
     * that has a descriptor of a device node can change the node's mode and owner.
     */
    OWN_NULL,
    /**
     * Makes a pseudo terminal in the container's devpts, reports its host side, takes it as stdio and controlling tty;
     * covers {@code /dev/console} with it if asked, and keeps it from adding returns to line feeds if asked.
     */
    CONSOLE(number("rows"), number("columns"), number("uid"), number("cover"), number("bare_lines")),
    /**
     * Runs a program to its end, seconds at most unless 0: in the init's own environment instead of that one if asked,
     * in the directory of the root if asked, with HOME as {@link #FIND_HOME} found it if asked. The report's
     * text or its value, a wait status, says what failed.
     */
    HOOK(
            text("path"),
            list("args"),
            list("env"),
            number("inherit_env"),
            number("timeout"),
            number("in_root"),
            number("add_home")),
    /**
     * Changes the working directory, unless that is done; a tolerant one may fail, to be tried again as another user.
     */
    CHDIR(text("path"), number("tolerant")),
    /** Sets no_new_privs. */
    NO_NEW_PRIVS,
    /** Drops all but these bits from the capability bounding set. */
    BOUNDING(number("keep")),
    /** Becomes the user, with these additional groups (64-bit numbers) if they may be set. */
    USER(number("uid"), number("gid"), number("set_groups"), blob("groups")),
    /** Sets the process's own three capability sets. */
    CAPABILITIES(number("effective"), number("permitted"), number("inheritable")),
    /** Empties the ambient capability set and raises these, which must be permitted and inheritable. */
    AMBIENT(number("raise")),
    /** Looks the program up as execvp(3) does, with the PATH of the new environment. */
    FIND_PROGRAM(list("args"), list("env")),
    /** Looks HOME up in the container's user database by uid; {@link #EXEC} adds it to the environment. */
    FIND_HOME(number("uid")),
    /**
     * Restricts the process by Landlock: the rights that are handled (LANDLOCK_ACCESS_* bits), what is scoped, paths of
     * the root with what is allowed beneath each if it is a directory, and if it is not, then ports with what is
     * allowed on each (64-bit numbers, in pairs).
     */
    LANDLOCK(number("fs"), number("net"), number("scoped"), list("paths"), blob("access"), blob("ports")),
    /**
     * Installs the filter of {@link Slot#SECCOMP} (SECCOMP_FILTER_FLAG_* bits). With a new listener, reports its
     * descriptor number and waits for leave to close it.
     */
    SECCOMP(number("flags")),
    /**
     * Ends, from here until the program runs, on every signal that by default ends a program, with status 128 and its
     * number.
     */
    END_ON_SIGNALS,
    /**
     * Closes the socket and waits for one byte from {@link Slot#EXEC_FIFO}; later reports go to {@link Slot#REPORTS}.
     */
    AWAIT_START,
    /** Becomes the program. */
    EXEC(list("args"), list("env")),
    /** Stays, reaping, until a signal asks it to end. */
    IDLE;

    private final List<Field> fields;

    Op(Field... fields) {
        this.fields = List.of(fields);
    }

    /** Returns the number that travels. */
    public int code() {
        return ordinal();
    }

    /** Returns the fields in wire order; never changes. */
    public List<Field> fields() {
        return fields;
    }

    /** Returns the name of the C struct and the stem of the C constant, {@code mount_host}. */
    String stem() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static Field number(String name) {
        return new Field(name, NUMBER);
    }

    private static Field text(String name) {
        return new Field(name, TEXT);
    }

    private static Field optional(String name) {
        return new Field(name, OPTIONAL);
    }

    private static Field list(String name) {
        return new Field(name, LIST);
    }

    private static Field blob(String name) {
        return new Field(name, BLOB);
    }
}
