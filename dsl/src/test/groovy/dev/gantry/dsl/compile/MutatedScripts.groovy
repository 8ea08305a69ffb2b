package dev.gantry.dsl.compile

import java.nio.file.Files
import java.nio.file.Path

/** Makes wrong and odd scripts out of the examples: the same for the same number, whenever it is asked. */
class MutatedScripts {
    private static final long SEED = 20261130L
    private static final List<String> BITS = [
            '42', 'null', "'x'", '"${1}"', '[1]', '[a: 1]', '{ it }', '{ -> }', '-1', '1.5', '2.s', '1.MiB',
            'true', 'this', 'args', 'x', 'new File("x").text = 42', 'new Thread().name = [1]', 'new Date().time = "x"',
            'def (a, b) = 5', 'x++', '-x', '~x', 'a.b += 1', 'a?.b = 2', '+', '-', '*', '=', '+=', '<<', '==', '?.',
            '*.', '.@', '.&', '?:', '..', '->', '!', '(', ')', '{', '}', '[', ']', ',', ';', ':',
            '\n', 'as int', 'as Map', 'in', 'instanceof', 'return', 'break', 'if', 'else', 'for (i in 5)', 'while (x)',
            'try {', '} catch (e) {', 'switch (x) { case 1:', 'def', 'int', 'String', 'class A {', 'void f(', 'import',
            '@Grab("x")', '@CompileStatic', 'enum E { A }', 'static', 'final', 'super', 'assert', 'throw']

    private final List<List<String>> sources

    MutatedScripts(Path examples) {
        sources = examples.toFile().listFiles().findAll { it.name.endsWith('.ctr.groovy') }.sort()
                .collect { file ->
                    (Files.readString(file.toPath()) =~ /'[^'\n]*'|"[^"\n]*"|\w+|\s+|[^\w\s]/).collect { it }
                }
    }

    /** Returns script number {@code n}. */
    String script(int n) {
        def random = new Random(SEED * 31 + n)
        def tokens = new ArrayList<String>(sources[n % sources.size()])
        (1 + random.nextInt(3)).times { change(tokens, random) }
        tokens.join('')
    }

    private void change(List<String> tokens, Random random) {
        int at = random.nextInt(tokens.size())
        switch (random.nextInt(7)) {
            case 0: tokens.remove(at); break
            case 1: tokens[at] = BITS[random.nextInt(BITS.size())]; break
            case 2: tokens.add(at, ' ' + BITS[random.nextInt(BITS.size())] + ' '); break
            case 3: tokens.add(at, tokens[random.nextInt(tokens.size())]); break
            case 4: Collections.swap(tokens, at, random.nextInt(tokens.size())); break
            case 5: value(tokens, at, random); break
            default: tokens.addAll(at, piece(random))
        }
    }

    /** Gives something another type. */
    private static void value(List<String> tokens, int from, Random random) {
        int at = (from..<tokens.size()).find { tokens[it] ==~ /\d+|'.*'|".*"/ } ?: from
        tokens[at] = BITS[random.nextInt(16)]
    }

    private List<String> piece(Random random) {
        def other = sources[random.nextInt(sources.size())]
        int from = random.nextInt(other.size())
        other.subList(from, Math.min(other.size(), from + random.nextInt(12)))
    }
}
