package dev.gantry.cli.image;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.UsageException;
import dev.gantry.files.RawPath;
import dev.gantry.image.Image;
import dev.gantry.image.Images;
import dev.gantry.terminal.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A command that does one thing with the images of this user. */
final class ImageCommand implements Command {
    private static final int GAP = 2;
    private static final int SHORT_DIGEST = 12;
    private static final double MEBIBYTE = 1 << 20;

    private final String summary;
    private final String arguments;
    private final Action action;

    /** What such a command does. */
    private interface Action {
        void run(Invocation in, Images images);
    }

    private ImageCommand(String summary, String arguments, Action action) {
        this.summary = summary;
        this.arguments = arguments;
        this.action = action;
    }

    /** {@code images}: lists those in the store; {@code images prune} is {@code prune}. */
    static Command images() {
        return new ImageCommand("list the images in the store, or `prune` them", "[prune]", (in, images) -> {
            if (in.args().equals(List.of("prune"))) {
                prune(in, images);
                return;
            }
            in.noArguments();
            Table table = new Table(GAP, String::length).row(List.of("IMAGE", "MANIFEST", "LAYERS", "PACKED"));
            for (Image image : images.list()) {
                table.row(List.of(
                        image.name(),
                        image.digest().hex().substring(0, SHORT_DIGEST),
                        Integer.toString(image.layers().size()),
                        String.format(Locale.ROOT, "%.1f MiB", image.bytes() / MEBIBYTE)));
            }
            table.lines().forEach(in.out()::println);
        });
    }

    /** {@code load}: copies images of a file, a directory or the standard input to the store. */
    static Command load() {
        return new ImageCommand("copy the images of an archive or a layout to the store", "FILE | -", (in, images) -> {
            String file = only(in, "FILE");
            List<Image> loaded = file.equals("-") ? images.load(System.in) : images.load(file, here());
            loaded.forEach(image -> in.out().println(image.name()));
        });
    }

    /** {@code prune}: removes what no image and no container needs. */
    static Command prune() {
        return new ImageCommand("remove layers that no image and no container needs", "", (in, images) -> {
            in.noArguments();
            prune(in, images);
        });
    }

    private static void prune(Invocation in, Images images) {
        in.out().printf("%d removed%n", images.prune());
    }

    /** {@code rmi}: takes names of images away, and removes what nobody needs then. */
    static Command rmi() {
        return new ImageCommand("remove images from the store", "IMAGE...", (in, images) -> {
            in.arg(0, "IMAGE");
            in.args().forEach(images::remove);
            images.prune();
        });
    }

    /** {@code unpack}: unpacks an image to the store, so that its first start has nothing to do. */
    static Command unpack() {
        return new ImageCommand(
                "unpack an image to the store, and print its layers",
                "IMAGE",
                (in, images) -> images.root(only(in, "IMAGE"), here()).layers().forEach(in.out()::println));
    }

    private static String only(Invocation in, String name) {
        if (in.args().size() > 1) {
            throw new UsageException(
                    "unexpected argument `%s`".formatted(in.args().get(1)));
        }
        return in.arg(0, name);
    }

    private static Path here() {
        return RawPath.here("").toAbsolutePath();
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public String arguments() {
        return arguments;
    }

    @Override
    public int run(Invocation in) {
        action.run(in, Images.ofUser(System.getenv()));
        return 0;
    }
}
