// A command that takes too long is ended.
def box = container('time-limit') { }
box.start()
try {
    box.exec('sleep', '1000', timeout: 100.ms)
} catch (e) {
    println e.message.contains('`sleep 1000`')
}
println "left: ${box.ps()*.command}"
box.delete(force: true)

/* prints
true
left: [gantry-init]
*/
