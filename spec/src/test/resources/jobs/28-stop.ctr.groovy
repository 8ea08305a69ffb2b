// A program is asked to end, and does.
def box = container('polite') {
    process { args 'sh', '-c', 'trap "exit 5" TERM; echo up; while :; do sleep 0.1; done' }
}
box.start()
box.waitFor(10.s) { log ~/up/ }
println box.stop(5.s)
box.delete()

/* prints
up
5
*/
