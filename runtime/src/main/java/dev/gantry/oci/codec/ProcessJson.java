package dev.gantry.oci.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonCodec;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;
import dev.gantry.oci.Capabilities;
import dev.gantry.oci.ConsoleSize;
import dev.gantry.oci.CpuAffinity;
import dev.gantry.oci.IoPriority;
import dev.gantry.oci.IoPriorityClass;
import dev.gantry.oci.Process;
import dev.gantry.oci.Rlimit;
import dev.gantry.oci.Scheduler;
import dev.gantry.oci.SchedulerFlag;
import dev.gantry.oci.SchedulerPolicy;
import dev.gantry.oci.User;

/** Reads and writes {@code process}. */
final class ProcessJson {
    private ProcessJson() {}

    static final class ProcessCodec implements JsonCodec<Process> {
        @Override
        public Process read(JsonObject json) {
            return new Process(
                    json.bool("terminal"),
                    json.object("consoleSize", new ConsoleSizeCodec()),
                    json.object("user", new UserCodec()),
                    json.strings("args"),
                    json.string("commandLine"),
                    json.strings("env"),
                    json.string("cwd"),
                    json.object("capabilities", new CapabilitiesCodec()),
                    json.objects("rlimits", new RlimitCodec()),
                    json.bool("noNewPrivileges"),
                    json.string("apparmorProfile"),
                    json.int32("oomScoreAdj"),
                    json.object("scheduler", new SchedulerCodec()),
                    json.string("selinuxLabel"),
                    json.object("ioPriority", new IoPriorityCodec()),
                    json.object("execCPUAffinity", new CpuAffinityCodec()));
        }

        @Override
        public ObjectNode write(Process process) {
            return new JsonObjectBuilder()
                    .bool("terminal", process.terminal())
                    .object("consoleSize", process.consoleSize(), new ConsoleSizeCodec())
                    .object("user", process.user(), new UserCodec())
                    .strings("args", process.args())
                    .string("commandLine", process.commandLine())
                    .strings("env", process.env())
                    .string("cwd", process.cwd())
                    .object("capabilities", process.capabilities(), new CapabilitiesCodec())
                    .objects("rlimits", process.rlimits(), new RlimitCodec())
                    .bool("noNewPrivileges", process.noNewPrivileges())
                    .string("apparmorProfile", process.apparmorProfile())
                    .number("oomScoreAdj", process.oomScoreAdj())
                    .object("scheduler", process.scheduler(), new SchedulerCodec())
                    .string("selinuxLabel", process.selinuxLabel())
                    .object("ioPriority", process.ioPriority(), new IoPriorityCodec())
                    .object("execCPUAffinity", process.execCPUAffinity(), new CpuAffinityCodec())
                    .node();
        }
    }

    static final class ConsoleSizeCodec implements JsonCodec<ConsoleSize> {
        @Override
        public ConsoleSize read(JsonObject json) {
            return new ConsoleSize(json.uint64("height"), json.uint64("width"));
        }

        @Override
        public ObjectNode write(ConsoleSize size) {
            return new JsonObjectBuilder()
                    .number("height", size.height())
                    .number("width", size.width())
                    .node();
        }
    }

    static final class UserCodec implements JsonCodec<User> {
        @Override
        public User read(JsonObject json) {
            return new User(
                    json.uint32("uid"),
                    json.uint32("gid"),
                    json.uint32("umask"),
                    json.uint32s("additionalGids"),
                    json.string("username"));
        }

        @Override
        public ObjectNode write(User user) {
            return new JsonObjectBuilder()
                    .number("uid", user.uid())
                    .number("gid", user.gid())
                    .number("umask", user.umask())
                    .numbers("additionalGids", user.additionalGids())
                    .string("username", user.username())
                    .node();
        }
    }

    static final class CapabilitiesCodec implements JsonCodec<Capabilities> {
        @Override
        public Capabilities read(JsonObject json) {
            return new Capabilities(
                    json.strings("bounding"),
                    json.strings("effective"),
                    json.strings("inheritable"),
                    json.strings("permitted"),
                    json.strings("ambient"));
        }

        @Override
        public ObjectNode write(Capabilities capabilities) {
            return new JsonObjectBuilder()
                    .strings("bounding", capabilities.bounding())
                    .strings("effective", capabilities.effective())
                    .strings("inheritable", capabilities.inheritable())
                    .strings("permitted", capabilities.permitted())
                    .strings("ambient", capabilities.ambient())
                    .node();
        }
    }

    static final class RlimitCodec implements JsonCodec<Rlimit> {
        @Override
        public Rlimit read(JsonObject json) {
            return new Rlimit(json.string("type"), json.uint64Bits("hard"), json.uint64Bits("soft"));
        }

        @Override
        public ObjectNode write(Rlimit rlimit) {
            return new JsonObjectBuilder()
                    .string("type", rlimit.type())
                    .uint64Bits("hard", rlimit.hard())
                    .uint64Bits("soft", rlimit.soft())
                    .node();
        }
    }

    static final class SchedulerCodec implements JsonCodec<Scheduler> {
        @Override
        public Scheduler read(JsonObject json) {
            return new Scheduler(
                    json.constant("policy", SchedulerPolicy.class),
                    json.int32("nice"),
                    json.int32("priority"),
                    json.constants("flags", SchedulerFlag.class),
                    json.uint64("runtime"),
                    json.uint64("deadline"),
                    json.uint64("period"));
        }

        @Override
        public ObjectNode write(Scheduler scheduler) {
            return new JsonObjectBuilder()
                    .constant("policy", scheduler.policy())
                    .number("nice", scheduler.nice())
                    .number("priority", scheduler.priority())
                    .constants("flags", scheduler.flags())
                    .number("runtime", scheduler.runtime())
                    .number("deadline", scheduler.deadline())
                    .number("period", scheduler.period())
                    .node();
        }
    }

    static final class IoPriorityCodec implements JsonCodec<IoPriority> {
        @Override
        public IoPriority read(JsonObject json) {
            return new IoPriority(json.constant("class", IoPriorityClass.class), json.int32("priority"));
        }

        @Override
        public ObjectNode write(IoPriority priority) {
            return new JsonObjectBuilder()
                    .constant("class", priority.ioClass())
                    .number("priority", priority.priority())
                    .node();
        }
    }

    static final class CpuAffinityCodec implements JsonCodec<CpuAffinity> {
        @Override
        public CpuAffinity read(JsonObject json) {
            return new CpuAffinity(json.string("initial"), json.string("final"));
        }

        @Override
        public ObjectNode write(CpuAffinity affinity) {
            return new JsonObjectBuilder()
                    .string("initial", affinity.initial())
                    .string("final", affinity.finalCpus())
                    .node();
        }
    }
}
