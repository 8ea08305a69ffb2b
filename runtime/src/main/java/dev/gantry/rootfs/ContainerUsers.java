package dev.gantry.rootfs;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.oci.User;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds users and groups by name in a running container's own {@code /etc/passwd} and {@code /etc/group}. What is all
 * digits is a number, whatever those files call so.
 */
final class ContainerUsers {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,10}");
    private static final int PASSWD_FIELDS = 7;
    private static final int GROUP_FIELDS = 4;
    private static final int ID = 2;
    private static final int GID = 3;
    private static final int MEMBERS = 3;

    private final ContainerRoot root;
    private final String id;

    ContainerUsers(ContainerRoot root, String id) {
        this.root = root;
        this.id = id;
    }

    /**
     * Returns the user that a text such as {@code 1000}, {@code nobody} or {@code nobody:tty} names. The group of a
     * name is its own, with those that list it as a member; that of a number is the other user's.
     *
     * @param otherwise who gives the group of a number, and the umask
     * @throws ContainerException of kind CONFIG if there is no such user or group
     */
    User find(String text, User otherwise) {
        String[] parts = text.split(":", 2);
        User.Builder found = User.builder().umask(otherwise.umask());
        if (NUMBER.matcher(parts[0]).matches()) {
            found.uid(Long.valueOf(parts[0])).gid(otherwise.gid());
        } else {
            List<String> entry = entry("/etc/passwd", parts[0], PASSWD_FIELDS)
                    .orElseThrow(() -> nobody("user", parts[0], "/etc/passwd"));
            found.uid(Long.valueOf(entry.get(ID)))
                    .gid(Long.valueOf(entry.get(GID)))
                    .additionalGids(groupsWith(parts[0]));
        }
        return parts.length == 1 ? found.build() : found.gid(group(parts[1])).build();
    }

    private long group(String name) {
        return NUMBER.matcher(name).matches()
                ? Long.parseLong(name)
                : entry("/etc/group", name, GROUP_FIELDS)
                        .map(entry -> Long.valueOf(entry.get(ID)))
                        .orElseThrow(() -> nobody("group", name, "/etc/group"));
    }

    private List<Long> groupsWith(String user) {
        return entries("/etc/group", GROUP_FIELDS)
                .filter(entry -> List.of(entry.get(MEMBERS).split(",")).contains(user))
                .map(entry -> Long.valueOf(entry.get(ID)))
                .toList();
    }

    private Optional<List<String>> entry(String file, String name, int fields) {
        return entries(file, fields).filter(entry -> entry.get(0).equals(name)).findFirst();
    }

    /** Returns the lines that are whole; a container may write what it likes there. */
    private Stream<List<String>> entries(String file, int fields) {
        if (!root.exists(file)) {
            return Stream.empty();
        }
        return new String(root.read(file), StandardCharsets.UTF_8)
                .lines()
                .map(line -> List.of(line.split(":", -1)))
                .filter(entry ->
                        entry.size() >= fields && NUMBER.matcher(entry.get(ID)).matches())
                .filter(entry ->
                        fields == GROUP_FIELDS || NUMBER.matcher(entry.get(GID)).matches());
    }

    private ContainerException nobody(String what, String name, String file) {
        return new ContainerException(
                ErrorKind.CONFIG,
                "exec in `%s`: `%s` of the container knows no %s `%s`".formatted(id, file, what, name));
    }
}
