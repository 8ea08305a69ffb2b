package dev.gantry.spec

import dev.gantry.spec.support.ScriptTableSpecification
import dev.gantry.spock.RequiresKernel
import java.util.concurrent.TimeUnit
import spock.lang.Timeout

/** Files of a container in the hands of a script, and what it is told where that cannot be. */
@RequiresKernel
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ScriptFilesKernelSpec extends ScriptTableSpecification {
    String preamble() {
        """
        new File('tree/sub').mkdirs()
        new File('tree/sub/file').text = 'in a tree'
        new File('file').text = 'a file'
        def box = container('files-box') { mounts { tmpfs '/tmp' } }
        box.start()
        def fixed = container('fixed-box') { rootfs host(), readonly: true }
        fixed.start()
        def ended = container('ended-box') { process { args 'true' } }
        ended.start()
        ended.waitFor()
        """
    }

    Map<String, String> lines() {
        ROWS.collectEntries { [it[0], it[1]] }
    }

    def "files: #what"() {
        expect:
        told(what) == [expected, expected]

        where:
        [what, line, expected] << ROWS
    }

    static final ROWS = [
        ['bytes', "box.fs['/tmp/b'].bytes = [0, -1] as byte[]; box.fs['/tmp/b'] << ([7] as byte[]); " +
            "println box.fs['/tmp/b'].bytes", '[0, -1, 7]'],
        ['a text in parts', "def name = 't'; box.fs[\"/tmp/\$name\"].text = \"a\${1}\"; println box.fs['/tmp/t'].text",
            'a1'],
        ['lines', "box.fs['/tmp/l'].text = 'a\\nb\\n'; println box.fs['/tmp/l'].lines", '[a, b]'],
        ['no text', "String none = null; box.fs['/tmp/t'].text = none", 'write `/tmp/t`: the content is null'],
        ['missing', "box.fs['/nope'].text", 'read `/nope` in `files-box`: no such file or directory (ENOENT)'],
        ['a directory', "box.fs['/etc'].text", 'read `/etc` in `files-box`: is a directory (EISDIR)'],
        ['list a file', "box.fs['/etc/passwd'].list()", 'list `/etc/passwd` in `files-box`: not a directory (ENOTDIR)'],
        ['list what is missing', "box.fs['/nope'].list()",
            'list `/nope` in `files-box`: no such file or directory (ENOENT)'],
        ['write a directory', "box.fs['/etc'].text = 'x'", 'write `/etc` in `files-box`: is a directory (EISDIR)'],
        ['write where no directory is', "box.fs['/tmp/no/file'].text = 'x'",
            'write `/tmp/no/file` in `files-box`: no such file or directory (ENOENT)'],
        ['a directory below a file', "box.fs['/etc/passwd/x'].mkdirs()",
            'make `/etc/passwd` in `files-box`: not a directory (ENOTDIR)'],
        ['delete what is missing', "box.fs['/tmp/nope'].delete()",
            'delete `/tmp/nope` in `files-box`: no such file or directory (ENOENT)'],
        ['delete a full directory', "box.fs['/tmp/full/x'].mkdirs(); box.fs['/tmp/full'].delete()",
            'delete `/tmp/full` in `files-box`: directory not empty (ENOTEMPTY)'],
        ['delete the root', "box.fs['/'].delete()", 'delete `/` in `files-box`: it is the root'],
        ['links without end', "box.exec('ln', '-s', 'loop', '/tmp/loop').check(); box.fs['/tmp/loop'].text",
            'read `/tmp/loop` in `files-box`: too many levels of symbolic links (ELOOP)'],
        ['too big to read', "box.exec('truncate', '-s', '3G', '/tmp/big').check(); box.fs['/tmp/big'].bytes",
            'read `/tmp/big` in `files-box`: it has more than 64 MiB'],
        ['but not to copy', "box.exec('truncate', '-s', '100M', '/tmp/big').check(); box.copyOut('/tmp/big', 'big'); " +
            "println new File('big').length(); new File('big').delete()", '104857600'],
        ['holes stay holes', "box.exec('sh', '-c', 'truncate -s 3G /tmp/holes && printf middle | " +
            "dd of=/tmp/holes bs=1M seek=1024 conv=notrunc').check(); box.copyOut('/tmp/holes', 'holes'); " +
            "def f = new RandomAccessFile('holes', 'r'); f.seek(1 << 30); def b = new byte[7]; f.readFully(b); " +
            "println([f.length(), new String(b).trim(), ['du', '-k', 'holes'].execute().text.split()[0].toInteger() " +
            "< 1000]); f.close(); new File('holes').delete()", '[3221225472, middle, true]'],
        ['data is found behind 4 GiB of holes', "box.exec('sh', '-c', 'truncate -s 4294967295 /tmp/far && printf " +
            "end >>/tmp/far').check(); box.copyOut('/tmp/far', 'far'); def f = new RandomAccessFile('far', 'r'); " +
            "f.seek(4294967295L); println f.readLine(); f.close(); new File('far').delete()", 'end'],
        ['no more than is allowed', "box.exec('dd', 'if=/dev/zero', 'of=/tmp/much', 'bs=1M', 'count=2').check(); " +
            "box.copyOut('/tmp/much', 'much', limit: 1.MiB)", 'copy to `$dir/much`: there are more than 1048576 bytes'],
        ['what was too much is not there', "println new File('much').exists(); box.copyOut('/tmp/much', 'much', " +
            "limit: 2.MiB); println new File('much').length(); new File('much').delete()", 'false\n2097152'],
        ['the limit is for all files of a tree', "box.exec('sh', '-c', 'mkdir /tmp/many; for i in 1 2 3; " +
            "do head -c 500000 /dev/zero >/tmp/many/\$i; done').check(); box.copyOut('/tmp/many', 'many', limit: '1m')",
            'copy to `$dir/many`: there are more than 1048576 bytes'],
        ['names count too', "box.exec('sh', '-c', 'mkdir -p /tmp/names/empty; " +
            "for i in 1 2 3; do ln -s x /tmp/names/\$i; done; head -c 5000 /dev/zero >/tmp/names/4').check(); " +
            "[21383, 21384].each { try { box.copyOut('/tmp/names', 'names', limit: it); " +
            "println new File('names').list().length } catch (e) { println e.message - ~/.*: / }; " +
            "new File('names').deleteDir() }", 'there are more than 21383 bytes\n5'],
        ['holes do not count', "box.copyOut('/tmp/big', 'big', limit: 1); println new File('big').length(); " +
            "new File('big').delete()", '104857600'],
        ['a read-only root', "fixed.fs['/etc/x'].text = 'x'",
            'write `/etc/x` in `fixed-box`: read-only file system (EROFS)'],
        ['a directory in a read-only root', "fixed.fs['/etc/x'].mkdirs()",
            'make `/etc/x` in `fixed-box`: read-only file system (EROFS)'],
        ['delete in a read-only root', "fixed.fs['/etc/passwd'].delete()",
            'delete `/etc/passwd` in `fixed-box`: read-only file system (EROFS)'],
        ['copy into a read-only root', "fixed.copyIn('file', '/etc/x')",
            'write `/etc/x` in `fixed-box`: read-only file system (EROFS)'],
        ['copy a file', "box.copyIn(new File('file'), '/tmp/file'); println box.fs['/tmp/file'].text", 'a file'],
        ['copy a file over a file', "box.fs['/tmp/old'].text = 'older and longer'; box.copyIn('file', '/tmp/old'); " +
            "println box.fs['/tmp/old'].text", 'a file'],
        ['copy a file over a directory', "box.copyIn('file', '/tmp')",
            'write `/tmp` in `files-box`: is a directory (EISDIR)'],
        ['copy a tree over a file', "box.copyIn('tree', '/etc/passwd')",
            'make `/etc/passwd` in `files-box`: not a directory (ENOTDIR)'],
        ['copy a tree over a tree', "box.fs['/tmp/tree/more'].mkdirs(); box.copyIn('tree', '/tmp/tree'); " +
            "println box.fs['/tmp/tree'].list()", '[more, sub]'],
        ['copy what is missing', "box.copyIn('nope', '/tmp/x')",
            'copy `$dir/nope` into `files-box`: no such file or directory (ENOENT)'],
        ['copy where no directory is', "box.copyIn('file', '/tmp/no/file')",
            'write `/tmp/no/file` in `files-box`: no such file or directory (ENOENT)'],
        ['copy nothing', "String none = null; box.copyIn(none, '/tmp/x')", 'copy into `files-box`: the path is null'],
        ['copy a file out', "box.copyOut('/tmp/file', 'out'); println new File('out').text", 'a file'],
        ['copy a file out over a directory', "box.copyOut('/tmp/file', 'tree')",
            'copy to `$dir/tree`: is a directory (EISDIR)'],
        ['copy a tree out over a file', "box.copyOut('/tmp/tree', 'file')",
            'copy to `$dir/file`: file exists (EEXIST)'],
        ['copy out what is missing', "box.copyOut('/nope', 'out')",
            'read `/nope` in `files-box`: no such file or directory (ENOENT)'],
        ['copy out where no directory is', "box.copyOut('/tmp/file', 'no/file')",
            'copy to `$dir/no/file`: no such file or directory (ENOENT)'],
        ['of one that has ended', "ended.fs['/etc/passwd'].text",
            'read `/etc/passwd` in `ended-box`: the container does not run'],
        ['into one that has ended', "ended.copyIn('file', '/x')",
            'write `/x` in `ended-box`: the container does not run'],
        ['out of one that has ended', "ended.copyOut('/etc/passwd', 'x')",
            'read `/etc/passwd` in `ended-box`: the container does not run'],
    ]
}
