// A service is waited for until its port is open.
def web = container('web-service') {
    process { cwd '/srv'; args 'python3', '-m', 'http.server', '8080' }
    mounts { tmpfs '/srv' }
    namespaces { network 'none' }
}
web.create()
web.fs['/srv/index.html'].text = 'up'
web.start()
web.waitFor(30.s) { port 8080 }
def ask = 'import urllib.request; print(urllib.request.urlopen("http://127.0.0.1:8080/").read().decode())'
println web.exec('python3', '-c', ask).text.trim()
web.delete(force: true)

/* prints
up
*/
