package dev.gantry.spec

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING

import dev.gantry.spec.support.CommandLineSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files

/** Containers whose files in the state root are damaged. */
@RequiresKernel(programs = ['busybox:busybox-static'])
class DamagedStateKernelSpec extends CommandLineSpecification {
    def "a damaged state hides no other container, and is deleted by force"() {
        given:
        assert gantry.run('spec').exit == 0
        edit { it.process.args = ['sleep', '100'] }
        ['a', 'cut', 'other', 'z'].each {
            assert gantry.run('create', it).exit == 0
            assert gantry.run('start', it).exit == 0
        }
        def pids = ['a', 'cut', 'other', 'z'].collectEntries { [it, pid(it)] }
        def file = { stateRoot.resolve("$it/state.json") }
        Files.writeString(file('cut'), '{"format":')
        Files.copy(file('a'), file('other'), REPLACE_EXISTING)
        Files.createDirectory(stateRoot.resolve('begun'))
        Files.createDirectories(stateRoot.resolve('odd/state.json'))

        when:
        def table = gantry.run('list')
        def json = gantry.run('list', '--format', 'json')

        then:
        table.exit == 0
        table.out.readLines()*.split(/ +/)*.getAt(0..2) == [
                ['ID', 'PID', 'STATUS'], ['a', "${pids.a}", 'running'], ['cut', '0', 'damaged'],
                ['odd', '0', 'damaged'], ['other', '0', 'damaged'], ['z', "${pids.z}", 'running']]
        table.err.readLines() == ['cut', 'odd', 'other'].collect {
            def why = [cut: 'state: line 1, column 11: the document ends too early', odd: 'it is no regular file',
                       other: '`id` is missing or makes no sense']
            "gantry: warning: container `$it`: `${file(it)}` is damaged: ${why[it]}; " +
                "hint: `gantry delete --force $it` removes the container"
        }
        json.exit == 0
        JSON.readValue(json.out, List)*.subMap('id', 'pid', 'status') == [
                [id: 'a', pid: pids.a, status: 'running'], [id: 'cut', pid: 0, status: 'damaged'], [id: 'odd', pid: 0,
                status: 'damaged'], [id: 'other', pid: 0, status: 'damaged'], [id: 'z', pid: pids.z, status: 'running']]
        JSON.readValue(json.out, List)*.keySet()*.minus('annotations').unique().size() == 1

        and: 'what is not forced is refused'
        gantry.run('delete', 'cut').with {
            exit == 1 && err.startsWith("gantry: container `cut`: `${file('cut')}` is damaged: state: line 1")
        }
        ProcessHandle.of(pids.cut).present

        and:
        gantry.run('delete', '--force', 'cut').toString() == 'exit 0\nout: \nerr: '
        gantry.run('delete', '--force', '--regex', '^o').toString() ==
                'exit 0\nout: \nerr: gantry: warning: delete `odd`: its cgroup is not known: ' +
                'processes that it may have go on\n'
        gantry.run('list', '-q').out.readLines() == ['a', 'begun', 'z']
        pids.findAll { runs(it.value) }.keySet() == ['a', 'z'] as Set

        cleanup:
        gantry.run('delete', '--force', 'begun')
    }

    def "a damaged config keeps nobody from killing and deleting the container, nor a frozen cgroup"() {
        given:
        assert gantry.run('spec').exit == 0
        edit {
            it.process.args = ['sleep', '100']
            it.hooks = [poststop: [[path: '/bin/true']]]
        }
        assert gantry.run('create', 'c').exit == 0
        def pid = pid('c')
        def config = stateRoot.resolve('c/config.json')
        if (state) {
            assert gantry.run('start', 'c').exit == 0
            assert gantry.run('pause', 'c').exit == 0
            Files.writeString(stateRoot.resolve('c/state.json'), '')
        }
        if (!state || name) {
            Files.writeString(config, '')
        }

        expect:
        state || gantry.run('kill', 'c', 'KILL').toString() == 'exit 0\nout: \nerr: '
        gantry.run('delete', '--force', 'c').with {
            exit == 0 && err.replace(stateRoot.toString(), 'STATE') ==
                (warning ? "gantry: warning: delete `c`: $warning\n" : '')
        }
        gantry.run('list', '-q').out == ''
        !runs(pid)

        where:
        state | name  || warning
        false | true  ||
            "its poststop hooks are not run: container `c`: `STATE/c/config.json` is damaged: config.json: " +
                "the document is empty"
        true  | false || 'its poststop hooks are not run: its state is not known'
        true  | true  || ''
    }
}
