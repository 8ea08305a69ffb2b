package dev.gantry.files

import dev.gantry.error.ErrorKind
import java.nio.charset.MalformedInputException
import java.nio.file.AccessDeniedException
import java.nio.file.FileSystemException
import java.nio.file.FileSystemLoopException
import java.nio.file.NoSuchFileException
import spock.lang.Specification

/** Why a file could not be used, from Java's exceptions, in the words of errno. */
class IoReasonSpec extends Specification {
    def "#e.class.simpleName of #e.message is told as `#reason`"() {
        expect:
        IoReason.of(e) == reason

        where:
        e                                                                || reason
        new NoSuchFileException('/x')                                    || 'no such file or directory (ENOENT)'
        new AccessDeniedException('/x')                                  || 'permission denied (EACCES)'
        new FileSystemException('/x', null, 'No space left on device')   || 'no space left on device (ENOSPC)'
        new IOException('No space left on device')                       || 'no space left on device (ENOSPC)'
        new FileSystemException('/x', null, 'Disk quota exceeded')       || 'disk quota exceeded (EDQUOT)'
        new FileSystemException('/x', null, 'Too many open files')       || 'too many open files (EMFILE)'
        new FileSystemException('/x', null, 'Is a directory')            || 'is a directory (EISDIR)'
        new IOException('Too many open files in system')                 || 'too many open files in system (ENFILE)'
        new FileSystemException('/x')                                    || '/x'
        new MalformedInputException(1)                                   || 'not UTF-8 text'
        new IOException('Stream closed')                                 || 'stream closed'
        new IOException('')                                              || 'IOException'
        new IOException()                                                || 'IOException'
    }

    def "a failure says what was tried, and why it could not be done"() {
        given:
        def cause = new FileSystemException('/proc/stat', null, 'Too many open files in system')

        when:
        def failure = IoReason.failure('read facts', cause)

        then:
        [failure.message, failure.kind(), failure.cause] ==
            ['read facts: too many open files in system (ENFILE)', ErrorKind.IO, cause]
    }
}
