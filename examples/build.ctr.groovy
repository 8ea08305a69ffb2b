// A build in a copy-on-write view of the machine: its compilers and libraries are at hand, and whatever the build
// installs, breaks or leaves behind is gone at the end.               ./gantry examples/build.ctr.groovy
def source = File.createTempDir('gantry-build')
new File(source, 'hello.c').text = '''
    #include <stdio.h>
    int main(void) { puts("built in a container"); return 0; }
'''
new File(source, 'Makefile').text = '''
hello: hello.c
\tcc -O2 -Wall -Werror -o $@ $<
'''

def builder = container('builder') {
    rootfs host()
    hostname 'builder'
    process {
        cwd '/build'
        env PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C'
    }
    mounts {
        bind source.path, to: '/src', readonly: true
        tmpfs '/build', size: 64.MiB
    }
    namespaces { network 'none' }
}

try {
    builder.start()
    builder.exec('sh', '-c', 'cp /src/* .').check()
    builder.exec('make').check()                    // fails the script, with the compiler's last lines, if it fails
    println builder.exec('./hello').text.trim()
    println "the source is untouched: ${source.list().sort()}"
} finally {
    source.deleteDir()
}
