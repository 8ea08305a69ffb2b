// Limits are seen inside.
def box = container('limits-of-job') { resources { pids 5 }; process { rlimit 'NOFILE', soft: 64, hard: 64 } }
box.start()
println "files: ${box.exec('sh', '-c', 'ulimit -n').text.trim()}"
println "tasks: ${box.stats.pids.limit}"
def many = box.exec('sh', '-c', 'for i in 1 2 3 4 5 6 7 8; do sleep 0.3 & done; wait')
println "too many: ${many.exit != 0}"
box.delete(force: true)

/* prints
files: 64
tasks: 5
too many: true
*/
