// Runs as any user: root in the container is that user outside of it, and can do no more than they can.
def box = container('mine') {
    rootfs host()
}
box.start()
println "inside I am ${box.exec('id', '-un').text.trim()}"
def map = box.exec('cat', '/proc/self/uid_map').lines[0].trim().split(/\s+/)
println "the root of it is ${map[1] == '0' ? 'root' : 'an ordinary user'} outside"
println "the machine's time is out of reach: ${box.exec('date', '-s', '2000-01-01').exit != 0}"
