// What the first process writes is kept.
def box = container('logs-of-job') { process { args 'sh', '-c', 'echo ready; sleep 1000' } }
box.start()
box.waitFor(10.s) { log ~/ready/ }
println "logged: ${box.logs.trim()}"
box.delete(force: true)

/* prints
ready
logged: ready
*/
