package dev.gantry.image;

import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.image.layer.LayerFiles;
import dev.gantry.kernel.Kernel;
import dev.gantry.oci.User;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the user of an image in the {@code /etc/passwd} and {@code /etc/group} that are in its layers. */
final class ImageUsers {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,10}");
    private static final int MAX_BYTES = 1 << 20;
    private static final int PASSWD_FIELDS = 7;
    private static final int GROUP_FIELDS = 4;
    private static final int ID = 2;
    private static final int GID = 3;
    private static final int MEMBERS = 3;

    private final Kernel kernel;
    private final String image;
    private final List<String> layers;

    ImageUsers(Kernel kernel, String image, List<String> layers) {
        this.kernel = kernel;
        this.image = image;
        this.layers = layers;
    }

    /**
     * Returns the user that a text such as {@code 1000}, {@code nobody} or {@code nobody:tty} names; root for an empty
     * one. Where no group is named it is the user's own, with those that list the user as a member; group 0 for a
     * number that the image does not know.
     *
     * @throws ContainerException of kind IMAGE if the image has no such user or group
     */
    User find(String text) {
        String[] parts = text.split(":", 2);
        String name = parts[0].isEmpty() ? "0" : parts[0];
        Optional<List<String>> entry = entries("/etc/passwd", PASSWD_FIELDS)
                .filter(fields -> fields.get(0).equals(name) || fields.get(ID).equals(name))
                .findFirst();
        boolean isNumber = NUMBER.matcher(name).matches();
        if (entry.isEmpty() && !isNumber) {
            throw missing("user", name, "/etc/passwd");
        }
        User.Builder user = User.builder()
                .uid(Long.valueOf(entry.map(fields -> fields.get(ID)).orElse(name)))
                .gid(Long.valueOf(entry.map(fields -> fields.get(GID)).orElse("0")));
        if (parts.length == 2 && !parts[1].isEmpty()) {
            return user.gid(group(parts[1])).build();
        }
        return user.additionalGids(
                        entry.map(fields -> groupsWith(fields.get(0))).orElse(List.of()))
                .build();
    }

    private long group(String name) {
        return NUMBER.matcher(name).matches()
                ? Long.parseLong(name)
                : entries("/etc/group", GROUP_FIELDS)
                        .filter(fields -> fields.get(0).equals(name))
                        .findFirst()
                        .map(fields -> Long.valueOf(fields.get(ID)))
                        .orElseThrow(() -> missing("group", name, "/etc/group"));
    }

    private List<Long> groupsWith(String user) {
        return entries("/etc/group", GROUP_FIELDS)
                .filter(fields -> List.of(fields.get(MEMBERS).split(",")).contains(user))
                .map(fields -> Long.valueOf(fields.get(ID)))
                .toList();
    }

    private Stream<List<String>> entries(String file, int count) {
        return LayerFiles.read(kernel, layers, file, MAX_BYTES)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("")
                .lines()
                .map(line -> List.of(line.split(":", -1)))
                .filter(fields -> fields.size() >= count
                        && NUMBER.matcher(fields.get(ID)).matches()
                        && (count == GROUP_FIELDS
                                || NUMBER.matcher(fields.get(GID)).matches()));
    }

    private ContainerException missing(String what, String name, String file) {
        return new ContainerException(
                ErrorKind.IMAGE, "image `%s`: `%s` in it knows no %s `%s`".formatted(image, file, what, name));
    }
}
