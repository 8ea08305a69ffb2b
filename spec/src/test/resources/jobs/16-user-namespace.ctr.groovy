// Root inside is nobody outside; this machine's root, whose files it sees, is user 1000 inside.
def box = container('mapped') {
    namespaces {
        user {
            uidMapping containerID: 0, hostID: 100000, size: 1000
            uidMapping containerID: 1000, hostID: 0, size: 1
            gidMapping containerID: 0, hostID: 100000, size: 1000
            gidMapping containerID: 1000, hostID: 0, size: 1
        }
    }
}
box.start()
println "${box.exec('id', '-u').text.trim()} is ${box.ps()*.uid}"
box.delete(force: true)

/* prints
0 is [100000]
*/
