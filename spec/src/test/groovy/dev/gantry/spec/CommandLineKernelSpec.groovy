package dev.gantry.spec

import dev.gantry.spec.support.Command
import dev.gantry.spec.support.CommandLineSpecification
import dev.gantry.spec.support.GantryCommand
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.util.concurrent.TimeUnit
import spock.lang.Requires

/** The command line on bundles, each command a process of its own. */
@RequiresKernel(programs = ['busybox:busybox-static', 'runc'])
class CommandLineKernelSpec extends CommandLineSpecification {
    def "a running container is paused, observed, updated and resumed, each by a command"() {
        given:
        gantry.run('spec')
        edit { it.process.args = ['sleep', '100'] }
        gantry.run('run', '--detach', 'box')
        def pid = JSON.readTree(gantry.run('state', 'box').out).get('pid').asInt()

        expect: 'paused'
        gantry.run('pause', 'box').exit == 0
        JSON.readTree(gantry.run('state', 'box').out).get('status').asText() == 'paused'
        with(gantry.run('exec', 'box', 'true')) {
            exit == 255
            err.contains('cannot exec in a paused container')
        }
        gantry.run('resume', 'box').exit == 0
        with(gantry.run('resume', 'box')) {
            exit == 1
            err.contains('container not paused')
        }

        and: 'observed'
        gantry.run('ps', '--format', 'json', 'box').out == "[$pid]\n"
        gantry.run('ps', 'box').out.readLines()
            .with { it[0].contains('PID') && it[1].endsWith('sleep 100') && it.size() == 2 }
        gantry.run('ps', 'box', '-e', '-x').out.readLines()[0].split().toList() ==
            ['PID', 'TTY', 'STAT', 'TIME', 'COMMAND']
        with(gantry.run('events', '--stats', 'box').out) {
            startsWith('{"type":"stats","id":"box","data":{"cpu":{"usage":{"total":')
            JSON.readTree(it).at('/data/memory/usage/usage').asLong() > 0
            JSON.readTree(it).at('/data/pids/current').asInt() == 1
        }

        and: 'updated'
        gantry.run('update', 'box', '--memory', '50M', '--pids-limit', '20').exit == 0
        with(JSON.readTree(gantry.run('events', '--stats', 'box').out)) {
            at('/data/memory/usage/limit').asLong() == 50L << 20
            at('/data/pids/limit').asInt() == 20
        }
        with(gantry.run('update', '--cpu-period', '100', 'box')) {
            exit == 1
            err.contains('cpu.cfs_period_us')
            err.contains('[linux.resources.cpu.period]')
        }
        gantry.run('update', '--memory', 'lots', 'box').err ==
            'gantry: invalid value for memory: `lots` is not a size\n'
    }

    def "a command blames a limit of memory of #bytes bytes however soon that ends the init"() {
        given:
        gantry.run('spec')
        edit { it.linux.resources = [memory: [limit: bytes]] }

        expect: 'every time'
        (1..6).collect { gantry.run('run', "box$it") }.each {
            assert it.exit == 1
            assert it.err =~ /memory ran out in the container's cgroup before its program began; / +
                /hint: raise linux.resources.memory.limit\n$/
        }

        where:
        bytes << [1024, 65536]
    }

    def "a bundle made by runc spec runs"() {
        given:
        call(bundle, 'runc', 'spec')
        edit { it.process.args = ['sh', '-c', 'echo "$(hostname) $$"; exit 7'] }

        when:
        def outcome = gantry.run('run', 'from-runc')

        then:
        outcome.exit == 7
        outcome.out == 'runc 1\n'
    }

    def "a bundle written by gantry spec runs under runc"() {
        given:
        assert gantry.run('spec').exit == 0
        edit { it.process.args = ['sh', '-c', 'echo "$(hostname) $$"; exit 7'] }

        when:
        def outcome = new Command('runc', '--root', dir.resolve('runc'), 'run', 'from-gantry').at(bundle).merged().run()

        then:
        outcome.out == 'gantry 1\n'
        outcome.exit == 7
    }

    def "spec does not overwrite"() {
        given:
        assert gantry.run('spec').exit == 0
        def written = Files.readString(bundle.resolve('config.json'))

        when:
        def again = gantry.run('spec')

        then:
        again.exit == 1
        again.err.contains('File config.json exists. Remove it first')
        Files.readString(bundle.resolve('config.json')) == written
    }

    def "explain prints one line a step with its origin, and makes nothing"() {
        given:
        call(bundle, 'runc', 'spec')

        when:
        def lines = gantry.run('explain', '.').out.readLines()

        then:
        lines.size() > 60
        lines.every { it =~ /^ *\d+  (runtime|init   )  \S.*  \[[a-zA-Z.\[\]0-9]+]$/ }
        lines.any { it.endsWith('init     mount `proc` on `/proc`  [mounts[0]]') }
        !Files.exists(stateRoot)
    }

    def "create, start, exec, kill and delete, each by a process of its own"() {
        given:
        gantry.run('spec')
        edit { it.process.args = ['sleep', '100'] }
        def pidFile = dir.resolve('pid')

        expect:
        gantry.run('create', '--pid-file', pidFile.toString(), 'c').toString() == 'exit 0\nout: \nerr: '
        state('c').status == 'created'
        state('c').pid == Files.readString(pidFile).toInteger()
        gantry.run('start', 'c').toString() == 'exit 0\nout: \nerr: '
        state('c').status == 'running'
        gantry.run('exec', 'c', 'sh', '-c', 'echo $0 "$@"; exit 5', '-x', '--root', 'y').with { [exit, out] } ==
            [5, '-x --root y\n']
        gantry.run('exec', '--user', '1000:1000', '--cwd', '/tmp', '-e', 'A=b', 'c', 'sh', '-c', 'id -u; pwd; echo $A')
            .out == '1000\n/tmp\nb\n'
        gantry.run('list').out.readLines()[1] =~ /^c +\d+ +running +\S+\/bundle +\S+Z +root$/
        gantry.run('list', '-f', 'json').out.startsWith('[{"ociVersion":"1.3.0","id":"c","pid":')
        gantry.run('delete', 'c').err.contains('cannot delete container c that is not stopped: running')
        gantry.run('kill', 'c', 'SIGKILL').exit == 0
        waitUntil { state('c').status == 'stopped' }
        state('c').pid == 0
        gantry.run('delete', 'c').exit == 0
        gantry.run('state', 'c').with { [exit, out] } == [1, '']
    }

    def "capabilities that cannot be had are one warning, where they are lost and where they are named"() {
        given:
        def engines = ['CAP_CHOWN', 'CAP_KILL', 'CAP_SETUID'] // buildah lists all as ambient and none as inheritable
        def lost = "can't raise ambient capabilities CAP_CHOWN, CAP_KILL, CAP_SETUID: " +
            "they are not both permitted and inheritable [process.capabilities.ambient]"
        gantry.run('spec')
        edit {
            it.process.args = ['sleep', '100']
            it.process.capabilities = ['bounding', 'effective', 'permitted', 'ambient']
                .collectEntries { set -> [set, engines] }
        }

        expect: 'root has them all the same'
        gantry.run('run', '-d', 'c').toString() == 'exit 0\nout: \nerr: '
        gantry.run('exec', 'c', 'grep', 'CapEff', '/proc/self/status').toString() ==
            "exit 0\nout: CapEff:\t${'0' * 14}a1\n\nerr: ".toString()

        and: 'another user has not, and an unknown one is nobody\'s'
        gantry.run('exec', '--user', '1:1', 'c', 'true').toString() ==
            "exit 0\nout: \nerr: gantry: warning: $lost\n".toString()
        gantry.run('exec', '--cap', 'fly', '-c', 'CAP_SWIM', 'c', 'true').toString() ==
                'exit 0\nout: \nerr: gantry: warning: ' +
                'unknown capabilities `CAP_FLY`, `CAP_SWIM` are ignored [process.capabilities]\n'
        edit { it.process.user = [uid: 1, gid: 1] }
        gantry.run('run', '-d', 'd').toString() == "exit 0\nout: \nerr: gantry: warning: $lost\n".toString()

        and: 'what was reported of the container is not reported again'
        gantry.run('exec', 'd', 'true').toString() == 'exit 0\nout: \nerr: '
    }

    @Requires(value = { !new File('/run/systemd/system').exists() }, reason = 'the error is for hosts without systemd')
    def "without systemd, --systemd-cgroup is refused at once"() {
        given:
        gantry.run('spec')
        edit {}
        def command = new GantryCommand(stateRoot, bundle)
        command.globals.add(0, '--systemd-cgroup')
        def begin = System.nanoTime()

        when:
        def outcome = command.run('run', 'c')

        then: 'podman takes "no such file" for a missing program'
        outcome.toString() == 'exit 1\nout: \nerr: gantry run failed: ' +
            'systemd not running on this host, cannot use systemd cgroups manager; hint: leave --systemd-cgroup out\n'
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) < 8 // the library that speaks to it gives up after 10
        gantry.run('list', '-q').out == ''
    }

    def "a program that cannot be executed ends run and exec with 255, and a missing interpreter is named"() {
        given:
        def script = bundle.resolve('rootfs/run.sh')
        Files.writeString(script, '#!/no/such\n')
        script.toFile().setExecutable(true, false)
        def said = 'exec /run.sh: no such file or directory (ENOENT) [process.args]; ' +
            'hint: the interpreter `/no/such` is missing\n'
        def inInit = 'unable to start container process: error during container init: '
        gantry.run('spec')
        edit { it.process.args = ['/run.sh'] }

        expect: 'as runc, but that start waits for the outcome'
        gantry.run('run', 'c').toString() == "exit 255\nout: \nerr: gantry run failed: $inInit$said".toString()
        gantry.run('run', '-d', 'c').exit == 255
        gantry.run('create', 'c').exit == 0
        gantry.run('start', 'c').toString() == "exit 1\nout: \nerr: gantry: start `c`: $said".toString()
        edit { it.process.args = ['sleep', '100'] }
        gantry.run('run', '-d', 'd').exit == 0
        gantry.run('exec', 'd', '/run.sh').toString() ==
            "exit 255\nout: \nerr: gantry: exec failed: $inInit$said".toString()

        and: 'what is not found is found out before there is a process that could end'
        edit { it.process.args = ['/no/such'] }
        gantry.run('run', 'e').exit == 1

        cleanup:
        Files.delete(script)
    }

    def "without `process`, create warns, start fails and run ends"() {
        given:
        gantry.run('spec')
        edit { it.remove('process') }

        expect:
        with(gantry.run('run', 'c')) {
            exit == 1
            err == 'gantry run failed: the config has no `process` [process]; hint: set `process.args`\n'
        }
        gantry.run('list', '-q').out == ''

        and:
        gantry.run('create', 'c').toString() == 'exit 0\nout: \n' +
            'err: gantry: warning: without `process` the container can be created, but not started [process]\n'
        with(gantry.run('start', 'c')) {
            exit == 1
            err == 'gantry: start `c`: the config has no `process` [process]; hint: set `process.args`\n'
        }
        state('c').status == 'stopped'
        gantry.run('delete', 'c').exit == 0
    }

    def "`#args` fails with status #exit and one line"() {
        when:
        def outcome = gantry.run(*args)

        then:
        outcome.exit == exit
        outcome.err == message + '\n'
        outcome.out == ''

        where:
        args                     || exit | message
        ['start', 'none']        || 1    | 'gantry: container `none` does not exist; hint: see `gantry list`'
        ['state', 'none']        || 1    | 'gantry: container `none` does not exist; hint: see `gantry list`'
        ['exec', 'none', 'true'] || 255  | 'gantry: container `none` does not exist; hint: see `gantry list`'
        ['delete', 'none']       || 1    | 'gantry: container `none` does not exist; hint: see `gantry list`'
        ['kill', 'none', 'FOO']  || 1    | 'gantry: unknown signal `FOO`'
        ['state', '../../etc']   ||
            1    | 'gantry: invalid container ID format: `../../etc`; ' +
                'hint: at most 1024 letters, digits and `_+-.`, not beginning with a dot'
        ['start']                || 1    | 'gantry: `CONTAINER` is missing'
        ['run', 'x', 'y']        || 1    | 'gantry: unexpected argument `y`'
        ['run', '--bogus', 'x']  || 1    | 'gantry: unrecognized option: --bogus'
        ['frobnicate']           ||
            3    | "gantry: No help topic for 'frobnicate': no such command or script; see `gantry --help`"
        ['/no/such.ctr.groovy']  || 1    | 'gantry: no such script: `/no/such.ctr.groovy`'
    }

    def "delete --force of what is not there is no error"() {
        expect:
        gantry.run('delete', '--force', 'none').toString() == 'exit 0\nout: \nerr: '
    }

    def "delete --regex removes every container whose id has a match, and no other"() {
        given:
        gantry.run('spec')
        edit { it.process.args = ['sleep', '100'] }
        ['web-1', 'web-2', 'db-1'].each { assert gantry.run('create', it).exit == 0 }

        expect: 'what runs is reported, and does not keep the others'
        gantry.run('start', 'web-1').exit == 0
        gantry.run('delete', '--regex', '^web-').with {
            exit == 1 && err.readLines().size() == 1 && err.contains('web-1') && err.contains('not stopped: running')
        }
        gantry.run('list', '-q').out.readLines() == ['db-1', 'web-1']

        and:
        gantry.run('delete', '-f', '-r', '^web-').toString() == 'exit 0\nout: \nerr: '
        gantry.run('list', '-q').out.readLines() == ['db-1']
        gantry.run('delete', '-f', '-r', 'none').toString() == 'exit 0\nout: \nerr: '
        gantry.run('delete', '-f', '-r', '[')
            .with { exit == 1 && err.startsWith('gantry: `[` is not a regular expression') }
        gantry.run('list', '-q').out.readLines() == ['db-1']
    }

    def "#command follows no annotation that an image could have: #annotation"() {
        given:
        gantry.run('spec')
        edit {
            it.process.args = ['ls', '/usr/bin/env']
            it.annotations = annotation
        }

        expect:
        gantry.run(command, 'c').with {
            exit == 1 && out == '' && err ==
                    ("gantry $command failed: the annotation `${annotation.keySet()[0]}` may have come from an " +
                    "image; hint: use --trust-annotations if the config is your own\n").toString()
        }
        gantry.run('list', '-q').out == ''

        where:
        [command, annotation] << [['run', 'create'],
            [['dev.gantry.rootfs': 'host'], ['dev.gantry.rootfs': 'empty'], ['dev.gantry.init': 'idle']]].combinations()
    }

    def "who trusts a config has its annotations followed, and what was created keeps them"() {
        given:
        gantry.run('spec')
        edit {
            it.process.args = ['ls', '/usr/bin/env']
            it.annotations = ['dev.gantry.rootfs': 'host']
        }

        expect:
        gantry.run('run', '--trust-annotations', 'c').toString() == 'exit 0\nout: /usr/bin/env\n\nerr: '
        gantry.run('create', '--trust-annotations', 'c').exit == 0
        gantry.run('start', 'c').exit == 0
        waitUntil { state('c').status == 'stopped' }
    }

    def "additional groups are #groups with `run.oci.keep_original_groups` of #keep"() {
        given:
        gantry.run('spec')
        edit {
            it.process.args = ['sh', '-c', 'id -G']
            it.process.user = [uid: 0, gid: 0, additionalGids: [5]]
            it.annotations = ['run.oci.keep_original_groups': keep]
            it.linux.namespaces += namespaces.collect { type -> [type: type] }
            it.linux.uidMappings = it.linux.gidMappings = namespaces ? [[containerID: 0, hostID: 0, size: 65536]] : []
        }
        def caller = dir.resolve('caller')
        Files.writeString(caller, "#!/bin/sh\nexec setpriv --groups 7,8 $GantryCommand.LAUNCHER \"\$@\"\n")
        caller.toFile().setExecutable(true)
        def command = new GantryCommand(stateRoot, bundle).tap { program = caller }

        expect:
        command.run('run', 'c').out.trim() == groups

        and: 'in what is added too'
        edit { it.process.args = ['sleep', '100'] }
        command.run('run', '-d', 'c').exit == 0
        command.run('exec', 'c', 'id', '-G').out.trim() == groups

        where:
        keep | namespaces || groups
        '0'  | []         || '0 5'
        '1'  | []         || '0 7 8'
        '1'  | ['user']   || '0 7 8'
    }

    def "help of #command names program and command"() {
        expect:
        gantry.run(command, '--help').with { exit == 0 && out.startsWith("NAME:\n   gantry $command - ") && err == '' }

        where:
        command << ['create', 'delete', 'exec', 'explain', 'kill', 'list', 'run', 'spec', 'start', 'state']
    }

    def "a program in a terminal sees one, of the caller's size, and its status comes back"() {
        given:
        gantry.run('spec')
        edit {
            it.process.terminal = true
            it.process.args = ['sh', '-c', 'tty; stty size; stat -c %t:%T /dev/console; exit 9']
        }
        def command = (['stty', 'rows', '33', 'cols', '77', '&&', GantryCommand.LAUNCHER] + gantry.globals +
            ['run', 'c']).join(' ')

        when: 'script(1) gives the command a terminal of its own'
        def process = new Command('script', '-qec', command, '/dev/null').at(bundle).merged().start()
        def lines = process.inputStream.text.readLines()*.trim()

        then:
        lines == ['/dev/pts/0', '33 77', '88:0'] // the first of devpts
        process.waitFor() == 9
    }
}
