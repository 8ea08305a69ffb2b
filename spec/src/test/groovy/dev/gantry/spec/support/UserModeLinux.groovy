package dev.gantry.spec.support

import com.fasterxml.jackson.databind.ObjectMapper
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/**
 * Another kernel, as a process of this machine: Debian's user-mode-linux, over this machine's files.
 *
 * <p>It has one processor, cgroup v2 alone (cpu, io, memory, pids), one disk (98:0), and neither overlayfs nor cpusets.
 */
class UserModeLinux {
    private static final int SECONDS = 600
    private static final long DISK_BYTES = 8L << 20

    private final Path dir

    /** A machine whose files are put into a directory. */
    UserModeLinux(Path dir) {
        this.dir = dir
    }

    /**
     * Boots, runs the script as root in a cgroup of its own, `/ci/session`, and powers off; returns the console's text.
     */
    String run(String script, String before = '') {
        boot(script, before.stripIndent() + """\
            mount -t sysfs sys /sys
            mount -t cgroup2 none /sys/fs/cgroup
            ip link set lo up 2>/dev/null
            mkdir -p /sys/fs/cgroup/ci/session
            echo \$\$ > /sys/fs/cgroup/ci/session/cgroup.procs
            sh $dir/script
            sync
            echo o > /proc/sysrq-trigger
            sleep 10
            """.stripIndent())
    }

    /**
     * The same where other users have the rights that they have here, and what is written to /etc, /home and /tmp is
     * lost.
     */
    String runWithUsers(String script) {
        def kept = [dir, Path.of('').toAbsolutePath().parent, Path.of(System.getProperty('user.home'))]
                .findAll { it.startsWith('/home') || it.startsWith('/tmp') }
        run(script, """\
            cp -a /etc /run/etc
            mount --bind /run/etc /etc
            mkdir /run/kept
            mount --rbind / /run/kept
            mount -t tmpfs -o mode=755 tmpfs /home
            mount -t tmpfs -o mode=1777 tmpfs /tmp
            ${kept.collect { "mkdir -p $it && mount --bind /run/kept$it $it;" }.join(' ')}
            umount -l /run/kept
            """)
    }

    /**
     * Boots with systemd, whose one service, `gantry-session`, is the script; what it writes to /etc and /var is lost.
     */
    String runUnderSystemd(String script) {
        boot(script, """\
            cp -a /etc /run/etc
            mount --bind /run/etc /etc
            mount -t tmpfs tmpfs /var
            mkdir -p /run/dbus /run/systemd/system
            cd /run/systemd/system
            cat > dbus.socket <<-END
            \t[Unit]
            \tDefaultDependencies=no
            \t[Socket]
            \tListenStream=/run/dbus/system_bus_socket
            \tEND
            cat > dbus.service <<-END
            \t[Unit]
            \tDefaultDependencies=no
            \tRequires=dbus.socket
            \t[Service]
            \tType=notify
            \tExecStart=/usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation
            \tEND
            cat > gantry-session.service <<-END
            \t[Unit]
            \tDefaultDependencies=no
            \tRequires=dbus.service
            \tAfter=dbus.service
            \t[Service]
            \tType=oneshot
            \tEnvironment=PATH=\$PATH HOME=/root
            \tExecStart=/bin/sh $dir/script
            \tExecStopPost=/bin/sh -c 'sync; echo o > /proc/sysrq-trigger'
            \tStandardOutput=file:$dir/session
            \tStandardError=inherit
            \tEND
            exec /lib/systemd/systemd --unit=gantry-session.service --log-target=console --log-level=notice
            """) + (Files.exists(dir.resolve('session')) ? Files.readString(dir.resolve('session')) : '')
    }

    private String boot(String script, String begin) {
        def init = dir.resolve('init')
        Files.writeString(dir.resolve('script'), "cd ${new File('').absolutePath}\n$script")
        Files.writeString(init, """\
            #!/bin/sh
            export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
            mount -t proc proc /proc
            mount -t tmpfs tmpfs /run
            """.stripIndent() + begin.stripIndent())
        init.toFile().setExecutable(true)
        def console = dir.resolve('console').toFile()
        def disk = dir.resolve('disk').toFile()
        new RandomAccessFile(disk, 'rw').withCloseable { it.setLength(DISK_BYTES) }
        def wholeXstate = CProgram.library('whole-xstate', dir).toString()
        def process = new Command('linux.uml', 'mem=2G', "ubd0=$disk", 'rootfstype=hostfs', 'rw', "init=$init",
                'con0=null,fd:1', 'con=null', "umid=${dir.fileName}")
                .adding(TMPDIR: dir, LD_PRELOAD: wholeXstate)
                .start(console.toPath())
        try {
            assert process.waitFor(SECONDS, TimeUnit.SECONDS), "user-mode-linux runs after $SECONDS s:\n${console.text}"
        } finally {
            process.descendants().forEach { it.destroyForcibly() }
            process.destroyForcibly()
        }
        console.text
    }

    /** Runs specifications; returns of each feature `spec`, `feature`, `status` and `message`. */
    List<Map<String, String>> specifications(List<Class> specs, Closure<String> runner = this.&run) {
        def results = dir.resolve('results')
        def java = ProcessHandle.current().info().command().get()
        def arguments = [java, '-Xshare:auto', '-XX:TieredStopAtLevel=1', '--enable-native-access=ALL-UNNAMED',
                         '-cp', System.getProperty('java.class.path'), InsideUserModeLinux.name, results.toString()] +
                         specs*.name
        def console = runner("export GANTRY_MUST_WORK=1 TMPDIR=$dir\n" + arguments.collect { "'$it'" }.join(' ') + '\n')
        assert Files.exists(results), "no specification has run:\n$console"
        def json = new ObjectMapper()
        Files.readAllLines(results).collect { json.readValue(it, Map) }
    }
}
