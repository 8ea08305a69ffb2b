package dev.gantry.spec.support

import spock.lang.Shared

/** Runs all lines of a table in one script, which is much cheaper than a script for each, checked and dynamic. */
abstract class ScriptTableSpecification extends ScriptSpecification {
    @Shared private boolean failed
    @Shared protected Map<String, List<String>> told

    /** Returns what comes before the lines. */
    abstract String preamble()

    /** Returns the lines, by name; a line prints, or fails, which is then what it prints. */
    abstract Map<String, String> lines()

    /** Returns what a line has printed in both ways. */
    List<String> told(String name) {
        assert !failed: 'the script has failed, see above'
        failed = !told
        told = told ?: ['', '// @dynamic'].collect { outputs(it) }.with { checked, dynamic ->
            lines().keySet().collectEntries { [it, [checked[it], dynamic[it]]] }
        }
        failed = false
        told[name]
    }

    protected Map<String, String> outputs(String directive) {
        def body = lines().collect { name, line ->
            "println '\\n=== $name'\ntry {\n$line\n" +
                "} catch (dev.gantry.error.ContainerException e) { println e.line() }\n"
        }
        def outcome = script("$directive\n${preamble()}\n${body.join('')}")
        assert outcome.exit == 0: outcome.err + outcome.out
        outcome.out.split('\n=== ').tail().collectEntries {
            def parts = it.split('\n', 2)
            [parts[0], parts[1].trim().replace(dir.toString(), '$dir').replaceAll(/(x\.ctr\.groovy):\d+/, '$1:LINE')]
        }
    }
}
