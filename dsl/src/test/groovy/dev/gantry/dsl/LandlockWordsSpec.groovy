package dev.gantry.dsl

import dev.gantry.plan.GantryAnnotations
import java.nio.file.Path
import spock.lang.Specification
import spock.lang.TempDir

/** The block `landlock { }`, the annotation that it becomes, and the way back. */
class LandlockWordsSpec extends Specification {
    @TempDir Path dir

    def "`#words` become an annotation, and that becomes `#back`"() {
        when:
        def config = new Scripts(dir).container("landlock { $words }").config()
        def script = Decompiler.script('box', config)

        then:
        config.annotations()[GantryAnnotations.LANDLOCK] == annotation
        back.split('; ').every { script.contains("        $it\n") }
        !script.contains(GantryAnnotations.LANDLOCK)

        and:
        def again = new Scripts(dir).definitions(script)['box'].config()
        again.annotations() == config.annotations()
        Decompiler.script('box', again) == script

        where:
        words                                      || annotation                | back
        "read '/usr'; write '/tmp', '/dev/null'"   ||
            '{"paths":[{"path":"/usr","access":["read"]},{"path":"/tmp","access":["write"]},{"path":"/dev/null",' +
                '"access":["write"]}]}' | "read '/usr'; write '/tmp'; write '/dev/null'"
        "exec '/a b'; allow 'execute', on: ['/c']" ||
            '{"paths":[{"path":"/a b","access":["exec"]},{"path":"/c","access":["execute"]}]}' |
                "exec '/a b'; allow 'execute', on: ['/c']"
        "allow 'read_file', 8, on: ['/a', '/b']"   ||
            '{"paths":[{"path":"/a","access":["read_file",8]},{"path":"/b","access":["read_file",8]}]}' |
                "allow 'read_file', 8L, on: ['/a']; allow 'read_file', 8L, on: ['/b']"
        "connect 443, 80; bind 8080"               ||
            '{"ports":[{"port":443,"access":["connect_tcp"]},{"port":80,"access":["connect_tcp"]},{"port":8080,' +
                '"access":["bind_tcp"]}]}' | 'connect 443; connect 80; bind 8080'
        "scope 'signal', 1"                        || '{"scoped":["signal",1]}' | "scope 'signal', 1L"
        "handle 'execute', 'LANDLOCK_ACCESS_FS_MAKE_REG'; exec '/usr'" ||
            '{"handledAccessFs":["execute","LANDLOCK_ACCESS_FS_MAKE_REG"],"paths":[{"path":"/usr",' +
                '"access":["exec"]}]}' | "handle 'execute', 'LANDLOCK_ACCESS_FS_MAKE_REG'; exec '/usr'"
    }

    def "an annotation that the block would write otherwise stays one: #annotation"() {
        given:
        def config = new Scripts(dir).container("annotations '$GantryAnnotations.LANDLOCK': '$annotation'").config()

        when:
        def script = Decompiler.script('box', config)

        then:
        script.contains("    annotations '$GantryAnnotations.LANDLOCK': ")
        !script.contains('landlock {')
        new Scripts(dir).definitions(script)['box'].config().annotations() == config.annotations()

        where:
        annotation << ['{"scoped": ["signal"]}', '{"scoped":["signal"],"handledAccessFs":[1]}',
                       '{"handledAccessNet":["bind_tcp"]}', '[]', '{"paths":[{"access":["read"],"path":"/"}]}',
                       '{"ports":[{"port":1,"access":[3]}]}', '{"scoped":[]}', 'x', '{"paths":7}']
    }

    def "a block without a word is nothing"() {
        expect:
        !new Scripts(dir).container('landlock { }').config().annotations().containsKey(GantryAnnotations.LANDLOCK)
    }

    def "wrong in both modes: #statement"() {
        expect:
        new Scripts(dir).complaints("container('box') {\n$statement\n}") ==
            [Scripts.mistake(3, statement, column, length, text)] * 2

        where:
        statement                         | column | length || text
        "landlock { reed '/usr' }"        | 12     | 4      || 'landlock: unknown keyword `reed`; did you mean `read`?'
        "landlock { read 'usr' }"         | 18     | 3      || 'landlock: `read` needs absolute paths, not `usr`'
        "landlock { handle 'executes' }"  | 20     | 8      ||
            'landlock: `handle` knows no right `executes`; did you mean `execute`?'
        "landlock { scope 'signals' }"    | 19     | 7      ||
            'landlock: `scope` knows no right `signals`; did you mean `signal`?'
        "landlock { allow 'read_file', on: [] }" | 12     | 5      ||
            'landlock: `allow` needs rights, and `on:` with a list of paths'
        "landlock { allow 'read_file', on: ['a'] }" | 37     | 1      ||
            'landlock: `allow` needs absolute paths, not `a`'
        "landlock { connect 65536 }"      | 20     | 5      ||
            'landlock: `connect` must be a port from 0 to 65535, not `65536`'
        "landlock { handle 1; handle 2 }" | 12     | 6      || 'landlock: `handle` is already set, on line 3'
    }
}
