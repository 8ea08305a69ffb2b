// A pod: containers that share a network and a hostname, and nothing else.
def web = pod('web') {
    container('server') {
        rootfs host()
        process { args 'python3', '-m', 'http.server', '80', '--directory', '/usr/share/doc' }
    }
    container('tester') {
        rootfs host()
    }
}
web.start()
web['server'].waitFor(20.s) { port 80 }
def seen = web['tester']
    .exec('python3', '-c', 'import socket; socket.create_connection(("127.0.0.1", 80)); print("connected")')
println seen.check().text.trim()
def namespace = { String name, String type -> web[name].exec('readlink', "/proc/self/ns/$type").text }
println "same network: ${namespace('server', 'net') == namespace('tester', 'net')}"
println "same files:   ${namespace('server', 'mnt') == namespace('tester', 'mnt')}"
