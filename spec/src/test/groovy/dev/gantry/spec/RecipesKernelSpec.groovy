package dev.gantry.spec

import dev.gantry.spec.support.ScriptSpecification
import dev.gantry.spock.RequiresKernel
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** What docs/recipes.md shows runs, and prints what it says: all recipes in one JVM. */
@RequiresKernel(programs = ['python3'])
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RecipesKernelSpec extends ScriptSpecification {
    private static final RECIPES = Files.readString(Path.of('../docs/recipes.md'))
    private static final PRINTED = [
        'each word by itself', 'through a shell, shown as it comes', 'running',
        '/work', '***', 'own', 'shared',
    ]

    def "the recipes run"() {
        given:
        def blocks = (RECIPES =~ /(?s)```groovy\n(.*?)```/).collect { it[1] }
        def parts = blocks.withIndex().collect { text, n -> file(text, "recipe-${n}.ctr.groovy") }

        when:
        def outcome = script(parts.collect { "include '$it'" }.join('\n'))

        then:
        blocks.size() == 7
        outcome.err.readLines().findAll { !it.contains('"GET / HTTP') }*.replaceAll(/\[.*\/recipe/, '[recipe') == [
            // what the server says of its own is left out
            'gantry: warning: retry: attempt 1 of 3 failed: sh `echo x >>/n; test $(wc -l </n) -ge 2`: exit status 1 ' +
                '[recipe-3.ctr.groovy:3]',
        ]
        outcome.out.readLines() == PRINTED
        outcome.exit == 0
    }
}
