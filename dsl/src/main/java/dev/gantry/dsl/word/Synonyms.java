package dev.gantry.dsl.word;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What users of Docker, Jenkins and Testcontainers call things, and what is written here instead. */
final class Synonyms {
    private static final String NO_IMAGES = "no images are made; copy files out by `box.copyOut('/out', 'out')`";
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern WORD = Pattern.compile("[a-zA-Z]\\w*");
    private static final Pattern CONSTANT = Pattern.compile("[A-Z][A-Z0-9_]+");

    /** By what it is looked for in; of blocks first those of a container, then those at the top. */
    private static final Map<String, String> BLOCKS = new HashMap<>();

    private static final Map<String, String> SCRIPT = new HashMap<>();
    private static final Map<String, String> CONTAINER = new HashMap<>();
    private static final Map<String, String> RESULT = new HashMap<>();
    private static final Map<String, String> OPTIONS = new HashMap<>();
    private static final Map<String, String> CLASSES = new HashMap<>();

    static {
        docker();
        jenkins();
        testcontainers();
        results();
        options();
    }

    private Synonyms() {}

    private static void docker() {
        add(BLOCKS, "write `process { cwd '/src' }`", "workdir", "workingDir", "working_dir");
        add(BLOCKS, "write `process { args 'sleep', 'infinity' }`", "entrypoint", "cmd", "command");
        add(BLOCKS, "write `process { env CI: 'true' }`", "environment", "envs");
        add(BLOCKS, "write `mounts { bind '.', to: '/src' }`", "volumes", "volume", "bindMount");
        add(BLOCKS, "write `publish 8080, to: 18080`", "ports", "expose", "port_bindings");
        add(
                BLOCKS,
                "there is no such switch; write what is needed: `process { capabilities { add 'SYS_ADMIN' } }`",
                "privileged");
        add(BLOCKS, "write `box.waitFor(10.s) { port 8080 }` after its start", "healthcheck", "healthCheck");
        add(BLOCKS, "write `annotations 'org.example.team': 'ci'`", "label", "labels");
        add(BLOCKS, "nothing restarts by itself; the script calls `box.start()`", "restart", "restartPolicy");
        add(BLOCKS, "write `process { capabilities { add 'NET_ADMIN' } }`", "cap_add", "capAdd");
        add(BLOCKS, "write `process { capabilities { drop 'ALL' } }`", "cap_drop", "capDrop");
        add(BLOCKS, "write `resources { memory 256.MiB }`", "mem_limit", "memLimit", "memoryLimit");
        add(BLOCKS, "write `process { noNewPrivileges true }` or `seccomp { profile 'default' }`", "security_opt");
        add(BLOCKS, "write `rootfs host(), readonly: true`", "read_only", "readOnly");
        add(BLOCKS, "write `process { terminal true }`", "tty", "stdin_open");
        add(BLOCKS, "write `process { rlimit 'NOFILE', soft: 1024, hard: 2048 }`", "ulimits", "ulimit");
        add(BLOCKS, "write `sysctl 'net.core.somaxconn': 512`", "sysctls");
        add(BLOCKS, "write `namespaces { network 'none' }`", "network_mode", "networks", "networkMode");
        add(BLOCKS, "containers of a `pod('web') { }` share their network", "link", "links");
        add(BLOCKS, "start one after the other; `box.waitFor(10.s) { port 8080 }` waits", "depends_on", "dependsOn");
        add(BLOCKS, "write `mounts { bind 'resolv.conf', to: '/etc/resolv.conf' }`", "dns", "extra_hosts");
        add(BLOCKS, "unpack an image and write `rootfs dir('alpine')`", "from", "FROM");
        add(BLOCKS, "no images are built; `box.sh('make')` runs what a build needs", "build", "dockerfile");
        add(BLOCKS, "the name stands before the block: `container('box') { }`", "name", "container_name");
        add(BLOCKS, "write `device '/dev/fuse', type: 'c', major: 10, minor: 229`", "devices");
    }

    private static void jenkins() {
        add(SCRIPT, "write `step('build') { println 'building' }`", "stage", "stages", "steps", "task");
        add(SCRIPT, "statements stand at the top; `step('build') { }` names some of them", "pipeline", "script");
        add(SCRIPT, "commands run in a container: `container('box') { rootfs host() }`", "node", "agent", "docker");
        add(SCRIPT, "write `println 'text'`", "echo", "print", "log", "puts");
        add(SCRIPT, "commands run in a container: `box.sh('make test')`", "sh", "bat", "powershell", "bash");
        add(SCRIPT, "commands run in a container: `box.exec('ls', '-la')`", "exec", "run");
        add(SCRIPT, "write `include('common.ctr.groovy')`", "load", "library", "source");
        add(SCRIPT, "write `box.exec('make', env: [CI: 'true'])`", "withEnv");
        add(SCRIPT, "write `secret(System.getenv('TOKEN') ?: '')`", "withCredentials", "credentials");
        add(SCRIPT, "write `param('jobs', default: 4)`", "params", "parameters");
        add(SCRIPT, "write `System.getenv('HOME')`", "env", "getenv", "environ");
        add(SCRIPT, "write `throw new IllegalStateException('why')` or `exit 1`", "error", "fail", "die", "abort");
        add(SCRIPT, "write `box.sh('git clone ...')`", "checkout", "git", "scm");
        add(
                SCRIPT,
                "write `box.copyOut('/out', 'out')`",
                "archiveArtifacts",
                "stash",
                "unstash",
                "archive",
                "publishHTML");
        add(SCRIPT, "write `try { } finally { }`", "post", "always", "cleanup", "defer");
        add(SCRIPT, "write `try { } catch (e) { println e.message }`", "catchError", "warnError", "unstable");
        add(SCRIPT, "the command writes a report: `gantry run --junit FILE x.ctr.groovy`", "junit");
        add(SCRIPT, "write `exit 1`", "currentBuild");
        add(SCRIPT, "`breakpoint()` opens a prompt", "input", "debug", "pause");
        add(SCRIPT, "the command logs times: `gantry run --log-format json x.ctr.groovy`", "timestamps");
        add(SCRIPT, "write `parallel { branch('unit') { println 'testing' } }`", "matrix", "axes", "async");
        add(SCRIPT, "containers are listed by `gantry list`", "ps", "list");
        add(SCRIPT, "write `container('box') { rootfs host() }`", "createContainer", "service", "services");
    }

    private static void testcontainers() {
        add(
                CONTAINER,
                "`box.port(8080)` tells the port of 127.0.0.1 that leads to one in the container",
                "withExposedPorts",
                "getMappedPort",
                "mappedPort",
                "getFirstMappedPort",
                "firstMappedPort",
                "getHost",
                "host",
                "ports");
        add(CONTAINER, "write `process { env CI: 'true' }` in its block", "withEnv", "addEnv");
        add(CONTAINER, "write `process { args 'sleep', 'infinity' }` in its block", "withCommand", "setCommand");
        add(CONTAINER, "write `process { cwd '/src' }` in its block", "withWorkingDirectory");
        add(CONTAINER, "write `box.waitFor(10.s) { port 8080 }`", "waitingFor", "withStartupTimeout", "waitUntil");
        add(CONTAINER, "write `box.exec('ls', '-la')`", "execInContainer", "execute", "system");
        add(
                CONTAINER,
                "write `box.copyIn('Makefile', '/src/Makefile')`",
                "copyFileToContainer",
                "withCopyFileToContainer",
                "withCopyToContainer",
                "cp",
                "copy");
        add(CONTAINER, "write `box.copyOut('/src/app', 'app')`", "copyFileFromContainer");
        add(
                CONTAINER,
                "write `mounts { bind '.', to: '/src' }` in its block",
                "withFileSystemBind",
                "withClasspathResourceMapping",
                "withVolume");
        add(CONTAINER, "write `namespaces { network 'none' }` in its block", "withNetwork", "withNetworkMode");
        add(CONTAINER, "write `box.logs`", "getLog", "log", "output", "stdout", "stderr", "withLogConsumer");
        add(CONTAINER, "write `box.status == 'running'`", "isRunning", "running", "isAlive", "alive", "isCreated");
        add(CONTAINER, "write `box.delete(force: true)`", "rm", "remove", "close", "destroy", "terminate", "rmi");
        add(CONTAINER, "write `int status = box.waitFor()`", "exit", "exitCode", "exitStatus", "wait", "join", "code");
        add(CONTAINER, "write `box.state`", "inspect", "info", "getContainerInfo", "containerInfo");
        add(CONTAINER, "write `box.id`", "getContainerId", "containerId", "name", "getName", "containerName");
        add(CONTAINER, "write `box.resume()`", "unpause", "unfreeze");
        add(CONTAINER, "write `box.pause()`", "freeze", "suspend");
        add(CONTAINER, "write `box.ps()`", "top", "processes", "getProcesses");
        add(CONTAINER, NO_IMAGES, "commit", "push", "pull", "export", "save", "tag", "build");
        add(
                CLASSES,
                "write `container('box') { rootfs dir('alpine') }`",
                "GenericContainer",
                "PostgreSQLContainer",
                "MySQLContainer",
                "KafkaContainer",
                "DockerComposeContainer",
                "DockerImageName",
                "Testcontainers");
    }

    private static void results() {
        add(RESULT, "write `exit`", "exitCode", "exitStatus", "exitValue", "returnCode", "status", "code", "rc");
        add(RESULT, "write `exit`", "getExitCode", "exitcode", "returncode", "returnStatus", "ret");
        add(RESULT, "write `text`", "stdout", "getStdout", "output", "getOutput", "stdOut", "content", "string");
        add(RESULT, "write `err`", "stderr", "getStderr", "error", "stdErr", "errors", "errText");
        add(RESULT, "write `exit == 0`", "ok", "success", "succeeded", "isSuccess", "successful");
        add(RESULT, "write `text.trim()`", "trim", "strip");
    }

    private static void options() {
        add(OPTIONS, "write `readonly: true`", "ro", "readOnly", "read_only");
        add(OPTIONS, "leave it out, or write `readonly: true`", "rw");
        add(OPTIONS, "write `to: '/src'`", "target", "destination", "dest", "dst", "at");
        add(OPTIONS, "the script is the word's own argument: `box.sh('make test')`", "script");
        add(OPTIONS, "write `box.exec('make', 'test').text`", "returnStdout");
        add(OPTIONS, "write `box.exec('make', 'test').exit`", "returnStatus");
        add(OPTIONS, "write `cwd: '/src'`", "workdir", "dir", "directory", "workingDir");
        add(OPTIONS, "write `stdin: 'text'`", "input", "in");
        add(OPTIONS, "the time stands by itself: `waitFor(3.s) { }`", "waitFor.timeout", "waitFor.time");
        add(OPTIONS, "write `timeout: 3.s`", "timeLimit", "limit", "maxTime", "time");
        add(OPTIONS, "the name stands by itself: `container('box') { }`", "container.name", "pod.name");
    }

    private static void add(Map<String, String> table, String hint, String... words) {
        for (String word : words) {
            if (table.put(word, hint) != null) {
                throw new IllegalStateException("twice: " + word);
            }
        }
    }

    /** Returns the hint for a word that a block, or the script, does not have. */
    static Optional<String> ofWord(Keywords keywords, String name) {
        return Optional.ofNullable((keywords.areOfScript() ? SCRIPT : BLOCKS).get(name));
    }

    /** Returns the hint for a word that would be one of the other kind. */
    static Optional<String> ofOtherWord(Keywords keywords, String name) {
        return Optional.ofNullable((keywords.areOfScript() ? BLOCKS : SCRIPT).get(name));
    }

    /** Returns the hint for a name of a shell's kind; a string with two quotes looks it up in the script. */
    static Optional<String> ofVariable(String name) {
        return CONSTANT.matcher(name).matches()
                ? Optional.of("the script has no such variable; in '...' a shell's `$%s` is left for the shell"
                        .formatted(name))
                : Optional.empty();
    }

    /** Returns the hint for what stands after the dot, and is no member of the type. */
    static Optional<String> ofMember(Class<?> type, String name) {
        return switch (Kinds.of(type)) {
            case "a container" -> Optional.ofNullable(CONTAINER.get(name));
            case "a result of `exec`" -> Optional.ofNullable(RESULT.get(name));
            default -> Optional.empty();
        };
    }

    /** Returns the hint for an option that a word does not take. */
    static Optional<String> ofOption(String method, String option, Predicate<String> isKnown) {
        return Optional.ofNullable(OPTIONS.get(method + "." + option))
                .or(() -> Optional.ofNullable(OPTIONS.get(option)).filter(hint -> fits(hint, isKnown)));
    }

    /** Returns whether the option that a hint recommends exists. */
    private static boolean fits(String hint, Predicate<String> isKnown) {
        Matcher code = CODE.matcher(hint);
        Matcher option = code.find() ? WORD.matcher(code.group(1)) : null;
        return option == null || code.group(1).startsWith("box.") || option.lookingAt() && isKnown.test(option.group());
    }

    /** Returns the hint for a class that there is not. */
    static Optional<String> ofClass(String name) {
        return Optional.ofNullable(CLASSES.get(name));
    }

    /** Returns all hints, for the test that they are statements of the language. */
    static List<String> hints() {
        return Stream.of(BLOCKS, SCRIPT, CONTAINER, RESULT, OPTIONS, CLASSES)
                .flatMap(table -> table.values().stream())
                .distinct()
                .sorted()
                .toList();
    }
}
