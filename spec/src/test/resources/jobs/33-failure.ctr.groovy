// A failed command says what it was, and the job goes on.
def box = container('failure') { }
box.start()
try {
    box.exec('sh', '-c', 'echo the reason >&2; exit 4').check()
} catch (e) {
    println e.message.contains('exit status 4') && e.message.contains('the reason')
}
box.delete(force: true)

/* prints
true
*/
