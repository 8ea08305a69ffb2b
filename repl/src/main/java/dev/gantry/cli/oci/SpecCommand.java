package dev.gantry.cli.oci;

import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.cli.command.Opt;
import dev.gantry.error.ContainerException;
import dev.gantry.error.ErrorKind;
import dev.gantry.files.IoReason;
import dev.gantry.files.RawPath;
import dev.gantry.host.HostFacts;
import dev.gantry.oci.OciConfig;
import dev.gantry.oci.OciDefaults;
import dev.gantry.oci.codec.OciWriter;
import dev.gantry.plan.Host;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.commons.cli.Options;

/** {@code spec}: writes a {@code config.json} to begin with. */
final class SpecCommand implements Command {
    @Override
    public String summary() {
        return "write a `config.json` to begin with";
    }

    @Override
    public String arguments() {
        return "[options]";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Opt.value("b", "bundle", "DIR", "where to write it (default: the working directory)"))
                .addOption(Opt.flag(null, "rootless", "for a user other than root"));
    }

    @Override
    public int run(Invocation in) {
        Path file = RawPath.here(in.value("bundle", "")).resolve("config.json");
        try {
            Files.writeString(file, OciWriter.text(spec(in)) + "\n", StandardOpenOption.CREATE_NEW);
            return 0;
        } catch (FileAlreadyExistsException e) {
            throw new ContainerException(
                    ErrorKind.ALREADY_EXISTS,
                    "File config.json exists. Remove it first",
                    "it is at `%s`".formatted(RawPath.text(file.toAbsolutePath())),
                    e);
        } catch (IOException e) {
            throw IoReason.failure("write `%s`".formatted(RawPath.text(file)), e);
        }
    }

    private static OciConfig spec(Invocation in) {
        Host host = HostFacts.read();
        if (in.has("rootless")) {
            return OciDefaults.rootlessSpec(host.uid(), host.gid());
        }
        boolean onlyUnified =
                host.cgroups().size() == 1 && host.cgroups().get(0).unified();
        return onlyUnified ? OciDefaults.withCgroupNamespace(OciDefaults.spec()) : OciDefaults.spec();
    }
}
