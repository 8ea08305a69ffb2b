package dev.gantry.cli;

import dev.gantry.cli.command.UsageException;
import dev.gantry.wire.RawText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The arguments of the command line as they were given: Java loses the bytes that are no UTF-8. */
final class Arguments {
    private static final char LOST = '\ufffd';

    private Arguments() {}

    /** Returns the arguments, with each byte that is no UTF-8 as {@link RawText} has it. */
    static String[] exact(String[] args) {
        for (String arg : args) {
            if (arg.indexOf(LOST) >= 0) {
                return given(args);
            }
        }
        return args;
    }

    private static String[] given(String[] args) {
        try {
            List<String> all = words(Files.readAllBytes(Path.of("/proc/self/cmdline")));
            return all.subList(all.size() - args.length, all.size()).toArray(new String[0]);
        } catch (IOException e) {
            throw new UsageException("the arguments are no UTF-8, and `/proc/self/cmdline` cannot be read");
        }
    }

    private static List<String> words(byte[] line) {
        List<String> words = new ArrayList<>();
        ByteArrayOutputStream word = new ByteArrayOutputStream();
        for (byte each : line) {
            if (each == 0) {
                words.add(RawText.decode(word.toByteArray()));
                word.reset();
            } else {
                word.write(each);
            }
        }
        return words;
    }
}
