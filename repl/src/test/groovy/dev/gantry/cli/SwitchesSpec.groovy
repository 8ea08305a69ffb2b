package dev.gantry.cli

import dev.gantry.cli.command.Opt
import dev.gantry.cli.command.UsageException
import org.apache.commons.cli.Options
import spock.lang.Specification

/** `--detach=true`, as programs in Go read it. */
class SwitchesSpec extends Specification {
    private static final Options OPTIONS = new Options()
            .addOption(Opt.flag('d', 'detach', ''))
            .addOption(Opt.flag(null, 'keep', ''))
            .addOption(Opt.value('b', 'bundle', 'DIR', ''))

    def "#given becomes #plain"() {
        expect:
        Switches.plain(OPTIONS, given, false) == plain

        where:
        given                                || plain
        []                                   || []
        ['--detach', 'box']                  || ['--detach', 'box']
        ['--detach=true', 'box']             || ['--detach', 'box']
        ['-detach=1']                        || ['--detach']
        ['-d=T']                             || ['--detach']
        ['--detach=false', '--keep=TRUE']    || ['--keep']
        ['box', '--keep=t']                  || ['box', '--keep']
        ['--bundle=/x', '--detach=F']        || ['--bundle=/x']
        ['--bundle', '--detach=true']        || ['--bundle', '--detach=true']
        ['--', '--detach=true']              || ['--', '--detach=true']
        ['--other=true']                     || ['--other=true']
    }

    def "what follows the first argument is another program's: #given"() {
        expect:
        Switches.plain(OPTIONS, given, true) == plain

        where:
        given                                     || plain
        ['--detach=true', 'box', '--detach=true'] || ['--detach', 'box', '--detach=true']
        ['--bundle', 'x', '--keep=1', 'box']      || ['--bundle', 'x', '--keep', 'box']
    }

    def "#given says neither on nor off"() {
        when:
        Switches.plain(OPTIONS, [given], false)

        then:
        def e = thrown(UsageException)
        e.message == message

        where:
        given            || message
        '--detach=maybe' || 'invalid boolean value `maybe` for detach'
        '--keep='        || 'invalid boolean value `` for keep'
        '-d=yes'         || 'invalid boolean value `yes` for d'
    }
}
