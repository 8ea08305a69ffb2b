// A command runs beside others.
def box = container('background') { }
box.start()
def beside = box.spawn('sh', '-c', 'sleep 0.2; echo done >/done')
box.waitFor(10.s) { command 'test', '-e', '/done' }
println "exit ${beside.waitFor().exit}"
box.delete(force: true)

/* prints
exit 0
*/
