// Branches return values.
def box = container('branches') { }
box.start()
def found = parallel {
    branch('kernel') { box.exec('uname', '-s').text.trim() }
    branch('shell') { box.exec('sh', '-c', 'echo $((6 * 7))').text.trim() }
}
println found
box.delete(force: true)

/* prints
[kernel:Linux, shell:42]
*/
