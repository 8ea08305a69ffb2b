package dev.gantry.cli

import java.nio.file.FileSystemException
import spock.lang.Specification

/** Whatever is thrown becomes one line and an exit status. */
class FailureSpec extends Specification {
    def "#thrown.class.simpleName is one line"() {
        expect:
        Failure.line(null, thrown) == line

        where:
        thrown                       || line
        new IllegalStateException('no') ||
            'internal error: java.lang.IllegalStateException: no; run with --debug for the rest'
        new IllegalStateException()  || 'internal error: java.lang.IllegalStateException; run with --debug for the rest'
        new NoClassDefFoundError('x/Y') ||
            'internal error: java.lang.NoClassDefFoundError: x/Y; run with --debug for the rest'
        new StackOverflowError()     || 'internal error: java.lang.StackOverflowError; run with --debug for the rest'
        new OutOfMemoryError('heap') || 'the memory of the JVM is used up'
        noFiles()                    || 'open /x: too many open files (EMFILE)'
        new UncheckedIOException(noFiles()) || 'open /x: too many open files (EMFILE)'
        new Silent()                 ||
            'internal error: dev.gantry.cli.FailureSpec$Silent: ' +
                'its message cannot be read, which throws UnsupportedOperationException; run with --debug for the rest'
    }

    static class Silent extends Exception {
        @Override
        String getMessage() {
            throw new UnsupportedOperationException()
        }
    }

    private static FileSystemException noFiles() {
        new FileSystemException('/x', null, 'Too many open files')
    }
}
