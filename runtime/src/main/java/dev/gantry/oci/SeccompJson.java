package dev.gantry.oci;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;

/** Reads and writes {@code linux.seccomp}. */
final class SeccompJson {
    private SeccompJson() {}

    static Seccomp seccomp(JsonObject json) {
        return new Seccomp(
                json.constant("defaultAction", SeccompAction.class),
                json.uint32("defaultErrnoRet"),
                json.constants("architectures", SeccompArch.class),
                json.constants("flags", SeccompFlag.class),
                json.string("listenerPath"),
                json.string("listenerMetadata"),
                json.objects("syscalls", SeccompJson::syscall));
    }

    static ObjectNode node(Seccomp seccomp) {
        return new JsonObjectBuilder()
                .constant("defaultAction", seccomp.defaultAction())
                .number("defaultErrnoRet", seccomp.defaultErrnoRet())
                .constants("architectures", seccomp.architectures())
                .constantsIfPresent("flags", seccomp.flags())
                .string("listenerPath", seccomp.listenerPath())
                .string("listenerMetadata", seccomp.listenerMetadata())
                .objects("syscalls", seccomp.syscalls(), SeccompJson::node)
                .node();
    }

    private static SeccompSyscall syscall(JsonObject json) {
        return new SeccompSyscall(
                json.strings("names"),
                json.constant("action", SeccompAction.class),
                json.uint32("errnoRet"),
                json.objects("args", SeccompJson::arg));
    }

    private static ObjectNode node(SeccompSyscall syscall) {
        return new JsonObjectBuilder()
                .strings("names", syscall.names())
                .constant("action", syscall.action())
                .number("errnoRet", syscall.errnoRet())
                .objects("args", syscall.args(), SeccompJson::node)
                .node();
    }

    private static SeccompArg arg(JsonObject json) {
        return new SeccompArg(
                json.uint32("index"),
                json.uint64Bits("value"),
                json.uint64Bits("valueTwo"),
                json.constant("op", SeccompOperator.class));
    }

    private static ObjectNode node(SeccompArg arg) {
        return new JsonObjectBuilder()
                .number("index", arg.index())
                .uint64Bits("value", arg.value())
                .uint64Bits("valueTwo", arg.valueTwo())
                .constant("op", arg.op())
                .node();
    }
}
