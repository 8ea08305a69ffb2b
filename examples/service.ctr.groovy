// A service, and a client in another container that shares its network: nothing of it is seen by the machine.
def server = container('server') {
    rootfs host()
    process { args 'sh', '-c', 'exec python3 -m http.server 8080 --directory /srv 2>/srv/log' }
    mounts { tmpfs '/srv' }
    namespaces { network 'none' }
}
server.create()
server.fs['/srv/greeting'].text = 'hello over the loopback\n'
server.start()
server.waitFor(20.s) { port 8080 }

def client = container('client') {
    rootfs host()
    namespaces { network "/proc/${server.pid}/ns/net" }
}
client.start()
def fetch = '''
import urllib.request
print(urllib.request.urlopen("http://127.0.0.1:8080/greeting").read().decode().strip())
'''
println client.exec('python3', '-', stdin: fetch).check().text.trim()
println "the server logged: ${server.fs['/srv/log'].text.contains('GET /greeting')}"
server.stop(2.s)
