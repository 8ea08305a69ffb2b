package dev.gantry.spec.support

import java.nio.file.Path

/**
 * A FUSE file system that takes requests for its files and does not answer them: who waits for its answer cannot be
 * killed, as with a network file system whose server is gone. Closing it lets them end.
 */
class SilentFileSystem implements Closeable {
    private static final String DAEMON = '''
import ctypes, os, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
fd = os.open('/dev/fuse', os.O_RDWR)
options = b'fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other' % fd
if libc.mount(b'silent', sys.argv[1].encode(), b'fuse', 0, options) != 0:
    sys.exit(os.strerror(ctypes.get_errno()))
print('mounted', flush=True)
FUSE_LOOKUP, FUSE_GETATTR, FUSE_STATFS, FUSE_INIT, ENOSYS = 1, 3, 17, 26, 38
def answer(unique, body, error=0):
    os.write(fd, struct.pack('<IiQ', 16 + len(body), -error, unique) + body)
while True:
    request = os.read(fd, 1 << 17)
    opcode, unique = struct.unpack('<IQ', request[4:16])
    if opcode == FUSE_INIT:
        answer(unique, struct.pack('<IIIIHHII', 7, 31, 1 << 16, 0, 12, 9, 4096, 1) + bytes(32))
    elif opcode == FUSE_GETATTR:
        answer(unique, struct.pack('<QQ6Q10I', 60, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0o40755, 2, 0, 0, 0, 4096, 0))
    elif opcode == FUSE_STATFS:
        answer(unique, bytes(80))
    elif opcode == FUSE_LOOKUP:
        print('silent', flush=True)
    else:
        answer(unique, b'', ENOSYS)
'''

    private final Process daemon
    private final BufferedReader said
    final Path point

    SilentFileSystem(Path point) {
        this.point = point
        daemon = new Command('python3', '-c', DAEMON, point).merged().start()
        said = daemon.inputStream.newReader()
        assert said.readLine() == 'mounted'
    }

    /** Waits until the daemon has read the first request for a file: from then on its process cannot be killed. */
    void awaitRequest() {
        assert said.readLine() == 'silent'
    }

    /** The end of the daemon answers all requests with an error. */
    @Override
    void close() {
        if (daemon.alive) {
            daemon.destroyForcibly().waitFor()
            Command.ok('umount', '-l', point)
        }
    }
}
