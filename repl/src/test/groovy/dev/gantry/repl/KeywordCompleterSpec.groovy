package dev.gantry.repl

import dev.gantry.dsl.InteractiveScript
import dev.gantry.text.Secrets
import java.nio.file.Files
import java.nio.file.Path
import org.jline.reader.Parser.ParseContext
import spock.lang.Specification
import spock.lang.TempDir

/** What can stand at the cursor. */
class KeywordCompleterSpec extends Specification {
    @TempDir Path dir

    def "proposed for `#text`: #wanted"() {
        given:
        def script = new InteractiveScript({ null }, System.out, dir, new Secrets())
        script.evaluate("def box = container('box') { rootfs empty() }")
        def found = []
        def prefetch = new Prefetch()
        def line = new LineParser().parse(text, text.length(), ParseContext.COMPLETE)

        when:
        new KeywordCompleter(script, prefetch, new BlockWords()).complete(null, line, found)

        then:
        found*.value().containsAll(wanted)
        found.size() <= 100

        cleanup:
        prefetch.close()
        script.close()

        where:
        text                                         || wanted
        'cont'                                       || ['container']
        'bo'                                         || ['box']
        "container('x') { host"                      || ['hostname']
        "container('x') { process { "                || ['args', 'env', 'cwd', 'capabilities']
        'box.st'                                     || ['start', 'status', 'state']
        'box.config.ho'                              || ['hostname']
        "box.kill('TE"                               || ['TERM']
        "container('x') { process { capabilities { add 'NET_" || ['NET_ADMIN', 'NET_RAW']
        ':ex'                                        || ['explain']
        "container('x') { seccomp { allow 'open"     || ['open', 'openat', 'openat2']
        "container('x') { namespaces { pid 'h"       || ['host']
        "box.exec('ls', cw"                          || ['cwd:']
        "attach 'b"                                  || ['box']
        "containers['b"                              || ['box']
        ':load /et'                                  || ['/etc/']
        ':help hostn'                                || []
        "dir('/et"                                   || ['/etc/']
    }

    def "a file whose name a terminal would act on is not proposed"() {
        given:
        Files.createFile(dir.resolve('plain'))
        Files.createFile(dir.resolve('evil\u001b[2J'))
        def found = []

        when:
        complete("dir('$dir/", found)

        then:
        found*.value() == ["$dir/plain".toString()]
    }

    def "nothing is evaluated"() {
        given:
        def found = []

        when:
        complete("new File('$dir/made').createNewFile().toSt", found)

        then:
        !Files.exists(dir.resolve('made'))
    }

    private void complete(String text, List found) {
        def line = new LineParser().parse(text, text.length(), ParseContext.COMPLETE)
        new InteractiveScript({ null }, System.out, dir, new Secrets()).withCloseable { script ->
            new Prefetch().withCloseable { prefetch ->
                new KeywordCompleter(script, prefetch, new BlockWords()).complete(null, line, found)
            }
        }
    }
}
