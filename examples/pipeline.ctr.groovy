// Bytes from one container to another, through a pipe of the kernel's: neither sees the other's files.
def source = container('source') {
    rootfs host()
    mounts { tmpfs '/data' }
}
def sink = container('sink') {
    rootfs host()
    mounts { tmpfs '/data' }
    namespaces { network 'none' }
}
source.start()
sink.start()
source.fs['/data/in'].text = (1..1000).join('\n') + '\n'

(source.exec('tar', 'c', '-C', '/data', 'in') | sink.exec('tar', 'x', '-C', '/data')).check()
println "lines:  ${sink.exec('wc', '-l', '/data/in').text.split()[0]}"
def largest = source.exec('cat', '/data/in') | sink.exec('sort', '-rn') | sink.exec('head', '-n', '1')
println "sorted: ${largest.text.trim()}"
