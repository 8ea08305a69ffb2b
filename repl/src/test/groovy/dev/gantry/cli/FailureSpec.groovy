package dev.gantry.cli

import dev.gantry.cli.command.Command
import dev.gantry.error.ErrorKind
import dev.gantry.error.StateException
import dev.gantry.kernel.Errno
import dev.gantry.value.HookFailure
import dev.gantry.value.StepFailure
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

    def "a command's beginning replaces that of the launch that failed, and no other words: #failure.message"() {
        given:
        def command = [failurePrefix: { 'gantry create failed: ' }] as Command

        expect:
        Failure.line(command, failure) == line
        Failure.line(null, failure) == failure.line()

        where:
        failure                                                          || line
        new StateException('create `box`', 'no', 'do')                   || 'gantry create failed: no; hint: do'
        new StateException('start `a`: b`', 'no', null)                  || 'gantry create failed: no'
        new StateException('create `box`: these are words of its own') ||
            'gantry create failed: create `box`: these are words of its own'
        new HookFailure('exec in `box`', 'hook `x`', null)               || 'gantry create failed: hook `x`'
        new StepFailure('create `box`', ErrorKind.KERNEL, 'mount', null, StepFailure.Phase.INIT, Errno.EPERM, null) ||
                'gantry create failed: unable to start container process: error during container init: mount'
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
