package dev.gantry.spec

import static dev.gantry.spec.support.Programs.runs

import dev.gantry.spec.support.GantryCommand
import dev.gantry.spec.support.TerminalPicture
import dev.gantry.spec.support.TmuxTerminal
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Specification
import spock.lang.TempDir
import spock.lang.Timeout

/**
 * A session from its first line to its last, at a real terminal with a real container. What was on the screen stands in
 * README.md and, as a picture, in docs/session.svg; {@code -DupdateGolden} writes both anew.
 */
@RequiresKernel(programs = ['tmux'])
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ReplTranscriptKernelSpec extends Specification {
    private static final Path README = Path.of('../README.md')
    private static final Path PICTURE = Path.of('../docs/session.svg')
    private static final String BEGIN = '<!-- what ReplTranscriptKernelSpec saw -->\n```text\n'
    private static final String END = '```\n<!-- end of what it saw -->\n'
    private static final String PROMPT = 'gantry>'

    @TempDir Path dir
    private final TmuxTerminal terminal = new TmuxTerminal('transcript', 100, 50)
    private List<String> beforeCompletion = []

    def cleanup() {
        terminal.close()
    }

    def "define, start, exec, complete, watch, cancel, attach, detach, save, and run what was saved"() {
        given:
        terminal.open("cd $dir && XDG_STATE_HOME=$dir/home ${GantryCommand.LAUNCHER} --root $dir/state repl")
        terminal.shows(PROMPT)

        when: 'a container is defined, started and used'
        says("def box = container('box') { hostname 'box'; resources { memory 256.MiB; pids 64 } }", 'box defined')
        says('box.start()', 'box running')
        says("println box.exec('uname', '-n').text.trim()", 'box')

        and: 'Tab tells what there is, and Tab again what it is for'
        terminal.write('box.sta')
        terminal.press('Tab')
        terminal.shows('start')
        terminal.shows('starts it')
        beforeCompletion = captured()
        terminal.write('tus')
        terminal.press('Enter')
        terminal.shows('box.status\nrunning\n' + PROMPT)

        and: 'limits are changed and mistakes are made'
        says("box.cgroup['memory.max'] = 128.MiB", '128MiB')
        says("container('web') { hostnam 'web' }", 'line6:1:20: error: container: unknown keyword `hostnam`; ' +
            'did you mean `hostname`?')

        and: 'something is watched until Ctrl-C'
        terminal.type('watch { box.stats }')
        terminal.shows { it =~ /\ncpu +[\d.]+ s +\d+ CPUs/ }
        terminal.press('C-c')
        terminal.shows { ended(it) }

        and: 'what takes too long is cancelled'
        terminal.type("box.exec('sleep', '1000')")
        runs('sleep 1000')
        terminal.press('C-c')
        terminal.shows('interrupted\n' + PROMPT)

        and: 'a shell is left and returned to'
        terminal.type("box.shell('sh')")
        terminal.shows { it.trim().endsWith('#') }
        terminal.type('echo $$ >/tmp/shell; hostname')
        terminal.shows('\nbox\n#')
        terminal.press('C-p', 'C-q')
        terminal.shows('left; `attach box` returns')
        says("box.ps()*.command", "['gantry-init', 'sh']")
        terminal.shows { ended(it) }
        terminal.type('attach box')
        terminal.isRaw()
        terminal.type('exit')
        terminal.shows { ended(it) }

        and: 'its end is told'
        says("box.kill('KILL')", 'box ended with status 137')

        and: 'the session is saved'
        says(':save session.ctr.groovy', 'saved; run it by: gantry session.ctr.groovy')

        then:
        def lines = transcript()
        new GantryCommand(dir.resolve('other'), dir).run('session.ctr.groovy').toString() == 'exit 0\nout: box\n\nerr: '
        matches(README, readme(lines))
        matches(PICTURE, TerminalPicture.svg(lines))

        when:
        terminal.press('C-d')

        then:
        terminal.shows('status 0')
    }

    private boolean says(String line, String answer) {
        terminal.shows { ended(it) }
        terminal.type(line)
        terminal.shows { it.split(PROMPT).any { it.contains(line) && it.contains('\n' + answer) } && ended(it) }
    }

    private static boolean ended(String screen) {
        screen.trim().endsWith(PROMPT)
    }

    private List<String> captured() {
        def lines = terminal.coloured().readLines()
        lines.dropRight(lines.reverse().takeWhile { TerminalPicture.plain([it]) == [''] }.size())
    }

    /** What was shown when Tab was pressed is gone at the end: it comes before what became of the line. */
    private List<String> transcript() {
        def all = captured()
        int completed = TerminalPicture.plain(beforeCompletion).findLastIndexOf { it.startsWith(PROMPT) }
        (beforeCompletion + all.drop(completed)).collect { masked(it) }
    }

    /** Numbers that are others each time. */
    private static String masked(String line) {
        line.replaceAll(/[\d.]+ [KM]iB(?= +\d+ [KM]iB)/, '512 KiB')
                .replaceAll(/\d+\.\d\d s/, '0.02 s')
                .replaceAll(/\d+ CPUs/, '2 CPUs')
                .replaceAll(/\[(?:\u001b\[[0-9;]*m|[#-])*](?:\u001b\[[0-9;]*m)* +\d+ %/, '[--------------------]   1 %')
    }

    private static String readme(List<String> lines) {
        def text = Files.readString(README)
        text.substring(0, text.indexOf(BEGIN) + BEGIN.length()) + TerminalPicture.plain(lines).join('\n') + '\n' +
            text.substring(text.indexOf(END))
    }

    private static boolean matches(Path file, String wanted) {
        if (System.getProperty('updateGolden') != null) {
            Files.writeString(file, wanted)
        }
        assert Files.readString(file) == wanted
        true
    }
}
