// The first one: a container that needs no image and no network.     ./gantry examples/hello.ctr.groovy
def box = container('hello') {
    rootfs host()               // this machine's own files, copy on write
    hostname 'box'
}

box.start()                     // no program was named, so it idles until the script ends

println "hello from ${box.exec('hostname').text.trim()}"
println "process 1: ${box.exec('cat', '/proc/1/comm').text.trim()}"
println "mounts:    ${box.exec('cat', '/proc/mounts').lines.size()}"
println "network:   ${box.exec('sh', '-c', 'tail -n +3 /proc/net/dev | cut -d: -f1 | xargs').text.trim()}"
println "cgroup:    ${box.exec('sh', '-c', 'head -1 /proc/self/cgroup').text.trim()}"

box.exec('sh', '-c', 'echo only here > /notice').check()
assert box.exec('cat', '/notice').text == 'only here\n'
assert !new File('/notice').exists()     // the machine has not noticed
