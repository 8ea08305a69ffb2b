package dev.gantry.text

import dev.gantry.error.ConfigException
import dev.gantry.error.Shown
import spock.lang.Specification

/** Secrets are masked in text, wherever they begin and end. */
class SecretsSpec extends Specification {
    def secrets = new Secrets()

    def "#text is written as #masked"() {
        given:
        ['hunter2', 'hunter2-and-more', 'aXa', 'first line\nsecond line\nab', 'q"uo\te', 'it\'s \\ "so"']
            .each(secrets::add)

        expect:
        secrets.masked(text) == masked

        where:
        text                               || masked
        ''                                 || ''
        'nothing of them'                  || 'nothing of them'
        'hunter2'                          || '***'
        'login -p hunter2 host'            || 'login -p *** host'
        'hunter2hunter2'                   || '***'
        'hunter2 hunter2'                  || '*** ***'
        'hunter2-and-more'                 || '***'
        'hunter2-and-less'                 || '***-and-less'
        'aXaXa'                            || '***' // they overlap
        'x first line\nsecond line\nab y'  || 'x *** y'
        'x second line'                    || 'x ***'
        'ab'                               || 'ab' // too short a line to be one alone
        '{"a":"q\\"uo\\te"}'               || '{"a":"***"}'
        '\'it\\\'s \\\\ "so"\''              || '\'***\''
        'q"uo\\u0009e'                     || '***'
        'exec `login hunter2-an...`'       || 'exec `login ***...`'
        'exec `login hunt...`'             || 'exec `login ***...`'
        'exec `login hun...`'              || 'exec `login hun...`'
        '...and-more'                      || '...***'
    }

    def "a text that is escaped after it is masked tells no part of a secret"() {
        given:
        secrets.add('\u001b[2Jkey')

        expect:
        Shown.lines(secrets.masked('<\u001b[2Jkey>')) == '<***>'
        secrets.masked(Shown.lines('<\u001b[2Jkey>')) == '<***>'
    }

    def "what would hide everything is no secret: #text"() {
        when:
        secrets.add(text)

        then:
        def e = thrown(ConfigException)
        e.message == "secret: there is nothing to hide: the text is $what"
        secrets.isEmpty()

        where:
        text   || what
        null   || 'null'
        ''     || 'empty'
        ' \n ' || 'blank'
    }
}
