package dev.gantry.spec.support

import static dev.gantry.spec.support.Eventually.within

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit

/**
 * A program that a specification runs: its words, and what is different from a plain call. What it writes goes to
 * files, so that a process which it leaves behind with its streams keeps nobody.
 */
class Command {
    private static final File NOTHING = new File('/dev/null')

    private final List<String> words
    private File directory
    private Map<String, String> environment = System.getenv()
    private Closure<?> feeding
    private boolean hasOneStream
    private int seconds = 60

    /** Words of any type; a list stands for its elements. */
    Command(Object... words) {
        this.words = flat(words.toList())
    }

    private static List<String> flat(Collection<?> words) {
        words.collectMany { it instanceof Collection ? flat(it) : [it.toString()] }
    }

    /** Runs a program without input, asserts that it ends with status 0, and returns what it wrote to either stream. */
    static String ok(Object... words) {
        new Command(words).ok()
    }

    /** The same with the text of a shell script. */
    static String shell(String script) {
        ok('sh', '-c', script)
    }

    /** A program of this user, whether it is there under this name or is a number, with none of our environment. */
    static Command asUser(Object user, Map<String, String> environment, Object... words) {
        def groups = user instanceof Number ? '--clear-groups' : '--init-groups'
        new Command('setpriv', '--reuid', user, '--regid', user, groups, words.toList()).exactly(environment)
    }

    Command at(Path directory) {
        this.directory = directory.toFile()
        this
    }

    /** Adds variables to those of this process. */
    Command adding(Map<String, ?> variables) {
        environment = environment + variables.collectEntries { name, value -> [name, value.toString()] }
        this
    }

    /** Gives these variables and no others. */
    Command exactly(Map<String, String> variables) {
        environment = variables
        this
    }

    /** Gives a text as input, by a pipe; without it `run` gives `/dev/null`. */
    Command input(String text) {
        feeding { pipe -> pipe.withCloseable { it << text } }
    }

    /** Gives what a closure writes to the pipe that it is called with, to the end of input when it closes the pipe. */
    Command feeding(Closure<?> feeding) {
        this.feeding = feeding
        this
    }

    /** Takes standard error for more of standard output. */
    Command merged() {
        hasOneStream = true
        this
    }

    Command within(int seconds) {
        this.seconds = seconds
        this
    }

    String ok() {
        def outcome = merged().run()
        assert outcome.exit == 0: "$words: $outcome"
        outcome.out
    }

    Outcome run() {
        begin().end()
    }

    /** Starts it and leaves it running; its `end()` is waited for later. */
    Begun begin() {
        def out = Files.createTempFile('command', 'out').toFile()
        def err = Files.createTempFile('command', 'err').toFile()
        def builder = builder().redirectOutput(out)
        if (!hasOneStream) {
            builder.redirectError(err)
        }
        if (!feeding) {
            builder.redirectInput(NOTHING)
        }
        def process = builder.start()
        feeding?.call(process.outputStream)
        new Begun(words, process, out, err, seconds)
    }

    /** Starts it with pipes, for a caller that talks to it. */
    Process start() {
        builder().start()
    }

    /** Starts it, without input, and writes all that it says to a file. */
    Process start(Path log) {
        merged().builder().redirectInput(NOTHING).redirectOutput(log.toFile()).start()
    }

    /** Starts it with pipes for input and output; what it complains of is seen where our own complaints are. */
    Process startComplaining() {
        builder().redirectError(ProcessBuilder.Redirect.INHERIT).start()
    }

    private ProcessBuilder builder() {
        def builder = new ProcessBuilder(words).directory(directory).redirectErrorStream(hasOneStream)
        builder.environment().clear()
        builder.environment().putAll(environment)
        builder
    }

    /** One that runs. */
    static class Begun {
        private final List<String> words
        private final File out
        private final File err
        private final int seconds
        final Process process

        private Begun(List<String> words, Process process, File out, File err, int seconds) {
            this.words = words
            this.process = process
            this.out = out
            this.err = err
            this.seconds = seconds
        }

        /** Waits for its end; one that does not end is killed with its children, and is a failure. */
        Outcome end() {
            try {
                if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                    process.descendants().forEach { it.destroyForcibly() }
                    process.destroyForcibly()
                    assert false: "$words does not end: ${out.text} ${err.text}"
                }
                new Outcome(process.exitValue(), out.text, err.text)
            } finally {
                out.delete()
                err.delete()
            }
        }
    }
}
