package dev.gantry.cli.oci;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.cli.command.Command;
import dev.gantry.cli.command.Invocation;
import dev.gantry.json.Json;
import dev.gantry.json.NamedConstant;
import dev.gantry.oci.Capability;
import dev.gantry.oci.HookPoint;
import dev.gantry.oci.NamespaceType;
import dev.gantry.oci.OciDefaults;
import dev.gantry.oci.SeccompAction;
import dev.gantry.oci.SeccompArch;
import dev.gantry.oci.SeccompFlag;
import dev.gantry.oci.SeccompOperator;
import dev.gantry.plan.compile.Features;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** {@code features}: tells what this runtime can do, whether or not this machine can, as the specification wants it. */
final class FeaturesCommand implements Command {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @Override
    public String summary() {
        return "show what this runtime can do, as JSON";
    }

    @Override
    public String arguments() {
        return "";
    }

    @Override
    public int run(Invocation in) {
        in.noArguments();
        ObjectNode features = JSON.objectNode();
        features.put("ociVersionMin", "1.0.0").put("ociVersionMax", OciDefaults.OCI_VERSION);
        features.set("hooks", names(HookPoint.values()));
        features.set("mountOptions", texts(Features.mountOptions()));
        features.set("linux", linux());
        in.out().println(Json.indented(features, "    "));
        return 0;
    }

    private static ObjectNode linux() {
        ObjectNode linux = JSON.objectNode();
        linux.set("namespaces", sorted(NamespaceType.values()));
        linux.set("capabilities", names(Capability.values()));
        linux.set("cgroup", switches("v1", true, "v2", true, "systemd", true, "systemdUser", false, "rdma", true));
        linux.set("seccomp", seccomp());
        linux.set("apparmor", switches("enabled", true));
        linux.set("selinux", switches("enabled", true));
        linux.set("intelRdt", switches("enabled", false));
        linux.set("mountExtensions", JSON.objectNode().set("idmap", switches("enabled", true)));
        return linux;
    }

    private static ObjectNode seccomp() {
        ObjectNode seccomp = switches("enabled", true);
        seccomp.set("actions", sorted(SeccompAction.values()));
        seccomp.set("operators", sorted(SeccompOperator.values()));
        seccomp.set("archs", sorted(SeccompArch.values()));
        seccomp.set("knownFlags", sorted(SeccompFlag.values()));
        seccomp.set(
                "supportedFlags",
                texts(Stream.of(SeccompFlag.TSYNC, SeccompFlag.LOG, SeccompFlag.SPEC_ALLOW)
                        .map(SeccompFlag::ociName)
                        .sorted()
                        .toList()));
        return seccomp;
    }

    private static ObjectNode switches(Object... namesAndValues) {
        ObjectNode object = JSON.objectNode();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], (boolean) namesAndValues[i + 1]);
        }
        return object;
    }

    private static ArrayNode names(NamedConstant... constants) {
        return texts(Arrays.stream(constants).map(NamedConstant::ociName).toList());
    }

    private static ArrayNode sorted(NamedConstant... constants) {
        List<String> names =
                Arrays.stream(constants).map(NamedConstant::ociName).sorted().toList();
        return texts(names);
    }

    private static ArrayNode texts(Collection<String> texts) {
        ArrayNode array = JSON.arrayNode();
        texts.forEach(array::add);
        return array;
    }
}
