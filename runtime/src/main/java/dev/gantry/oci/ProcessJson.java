package dev.gantry.oci;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.json.JsonObject;
import dev.gantry.json.JsonObjectBuilder;

/** Reads and writes {@code process}. */
final class ProcessJson {
    private ProcessJson() {}

    static Process process(JsonObject json) {
        return new Process(
                json.bool("terminal"),
                json.object("consoleSize", ProcessJson::consoleSize),
                json.object("user", ProcessJson::user),
                json.strings("args"),
                json.string("commandLine"),
                json.strings("env"),
                json.string("cwd"),
                json.object("capabilities", ProcessJson::capabilities),
                json.objects("rlimits", ProcessJson::rlimit),
                json.bool("noNewPrivileges"),
                json.string("apparmorProfile"),
                json.int32("oomScoreAdj"),
                json.object("scheduler", ProcessJson::scheduler),
                json.string("selinuxLabel"),
                json.object("ioPriority", ProcessJson::ioPriority),
                json.object("execCPUAffinity", ProcessJson::cpuAffinity));
    }

    static ObjectNode node(Process process) {
        return new JsonObjectBuilder()
                .bool("terminal", process.terminal())
                .object("consoleSize", process.consoleSize(), ProcessJson::node)
                .object("user", process.user(), ProcessJson::node)
                .strings("args", process.args())
                .string("commandLine", process.commandLine())
                .strings("env", process.env())
                .string("cwd", process.cwd())
                .object("capabilities", process.capabilities(), ProcessJson::node)
                .objects("rlimits", process.rlimits(), ProcessJson::node)
                .bool("noNewPrivileges", process.noNewPrivileges())
                .string("apparmorProfile", process.apparmorProfile())
                .number("oomScoreAdj", process.oomScoreAdj())
                .object("scheduler", process.scheduler(), ProcessJson::node)
                .string("selinuxLabel", process.selinuxLabel())
                .object("ioPriority", process.ioPriority(), ProcessJson::node)
                .object("execCPUAffinity", process.execCPUAffinity(), ProcessJson::node)
                .node();
    }

    private static ConsoleSize consoleSize(JsonObject json) {
        return new ConsoleSize(json.uint64("height"), json.uint64("width"));
    }

    private static ObjectNode node(ConsoleSize size) {
        return new JsonObjectBuilder()
                .number("height", size.height())
                .number("width", size.width())
                .node();
    }

    private static User user(JsonObject json) {
        return new User(
                json.uint32("uid"),
                json.uint32("gid"),
                json.uint32("umask"),
                json.uint32s("additionalGids"),
                json.string("username"));
    }

    private static ObjectNode node(User user) {
        return new JsonObjectBuilder()
                .number("uid", user.uid())
                .number("gid", user.gid())
                .number("umask", user.umask())
                .numbers("additionalGids", user.additionalGids())
                .string("username", user.username())
                .node();
    }

    private static Capabilities capabilities(JsonObject json) {
        return new Capabilities(
                json.strings("bounding"),
                json.strings("effective"),
                json.strings("inheritable"),
                json.strings("permitted"),
                json.strings("ambient"));
    }

    private static ObjectNode node(Capabilities capabilities) {
        return new JsonObjectBuilder()
                .strings("bounding", capabilities.bounding())
                .strings("effective", capabilities.effective())
                .strings("inheritable", capabilities.inheritable())
                .strings("permitted", capabilities.permitted())
                .strings("ambient", capabilities.ambient())
                .node();
    }

    private static Rlimit rlimit(JsonObject json) {
        return new Rlimit(json.string("type"), json.uint64Bits("hard"), json.uint64Bits("soft"));
    }

    private static ObjectNode node(Rlimit rlimit) {
        return new JsonObjectBuilder()
                .string("type", rlimit.type())
                .uint64Bits("hard", rlimit.hard())
                .uint64Bits("soft", rlimit.soft())
                .node();
    }

    private static Scheduler scheduler(JsonObject json) {
        return new Scheduler(
                json.constant("policy", SchedulerPolicy.class),
                json.int32("nice"),
                json.int32("priority"),
                json.constants("flags", SchedulerFlag.class),
                json.uint64("runtime"),
                json.uint64("deadline"),
                json.uint64("period"));
    }

    private static ObjectNode node(Scheduler scheduler) {
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

    private static IoPriority ioPriority(JsonObject json) {
        return new IoPriority(json.constant("class", IoPriorityClass.class), json.int32("priority"));
    }

    private static ObjectNode node(IoPriority priority) {
        return new JsonObjectBuilder()
                .constant("class", priority.ioClass())
                .number("priority", priority.priority())
                .node();
    }

    private static CpuAffinity cpuAffinity(JsonObject json) {
        return new CpuAffinity(json.string("initial"), json.string("final"));
    }

    private static ObjectNode node(CpuAffinity affinity) {
        return new JsonObjectBuilder()
                .string("initial", affinity.initial())
                .string("final", affinity.finalCpus())
                .node();
    }
}
