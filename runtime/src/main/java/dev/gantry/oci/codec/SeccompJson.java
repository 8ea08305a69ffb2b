package dev.gantry.oci.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonCodec;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.oci.Seccomp;
import dev.gantry.oci.SeccompAction;
import dev.gantry.oci.SeccompArch;
import dev.gantry.oci.SeccompArg;
import dev.gantry.oci.SeccompFlag;
import dev.gantry.oci.SeccompOperator;
import dev.gantry.oci.SeccompSyscall;

/** Reads and writes {@code linux.seccomp}. */
final class SeccompJson {
    private SeccompJson() {}

    static final class SeccompCodec implements JsonCodec<Seccomp> {
        @Override
        public Seccomp read(JsonObject json) {
            return new Seccomp(
                    json.constant("defaultAction", SeccompAction.class),
                    json.uint32("defaultErrnoRet"),
                    json.constants("architectures", SeccompArch.class),
                    json.has("flags") ? json.constants("flags", SeccompFlag.class) : null,
                    json.string("listenerPath"),
                    json.string("listenerMetadata"),
                    json.objects("syscalls", new SeccompSyscallCodec()));
        }

        @Override
        public ObjectNode write(Seccomp seccomp) {
            return new JsonObjectBuilder()
                    .constant("defaultAction", seccomp.defaultAction())
                    .number("defaultErrnoRet", seccomp.defaultErrnoRet())
                    .constants("architectures", seccomp.architectures())
                    .constantsIfPresent("flags", seccomp.flags())
                    .string("listenerPath", seccomp.listenerPath())
                    .string("listenerMetadata", seccomp.listenerMetadata())
                    .objects("syscalls", seccomp.syscalls(), new SeccompSyscallCodec())
                    .node();
        }
    }

    static final class SeccompSyscallCodec implements JsonCodec<SeccompSyscall> {
        @Override
        public SeccompSyscall read(JsonObject json) {
            return new SeccompSyscall(
                    json.strings("names"),
                    json.constant("action", SeccompAction.class),
                    json.uint32("errnoRet"),
                    json.objects("args", new SeccompArgCodec()));
        }

        @Override
        public ObjectNode write(SeccompSyscall syscall) {
            return new JsonObjectBuilder()
                    .strings("names", syscall.names())
                    .constant("action", syscall.action())
                    .number("errnoRet", syscall.errnoRet())
                    .objects("args", syscall.args(), new SeccompArgCodec())
                    .node();
        }
    }

    static final class SeccompArgCodec implements JsonCodec<SeccompArg> {
        @Override
        public SeccompArg read(JsonObject json) {
            return new SeccompArg(
                    json.uint32("index"),
                    json.uint64Bits("value"),
                    json.uint64Bits("valueTwo"),
                    json.constant("op", SeccompOperator.class));
        }

        @Override
        public ObjectNode write(SeccompArg arg) {
            return new JsonObjectBuilder()
                    .number("index", arg.index())
                    .uint64Bits("value", arg.value())
                    .uint64Bits("valueTwo", arg.valueTwo())
                    .constant("op", arg.op())
                    .node();
        }
    }
}
