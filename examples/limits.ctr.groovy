// Limits, and running commands in a container one after the other.    ./gantry examples/limits.ctr.groovy
def worker = container('worker') {
    rootfs host()
    process {
        user uid: 1000, gid: 1000
        capabilities { drop 'ALL' }
        noNewPrivileges true
        rlimit 'NOFILE', soft: 64, hard: 64
    }
    resources {
        memory 64.MiB
        cpus 0.5
        pids 16
    }
}

worker.start()

println "user:    ${worker.exec('id', '-u').text.trim()}"
println "files:   ${worker.exec('sh', '-c', 'ulimit -n').text.trim()}"

def failing = worker.exec('sh', '-c', 'echo "something is wrong" >&2; exit 3')
println "status:  ${failing.exit}, because ${failing.err.trim()}"

def greedy = worker.exec('sh', '-c', 'for i in $(seq 40); do sleep 5 & done; wait')
println "forks:   ${greedy.err.contains('fork') ? 'refused at the limit' : 'not limited'}"
