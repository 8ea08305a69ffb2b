// A command runs as another user than the container.
def box = container('other-user') { process { user uid: 1000, gid: 1000 } }
box.start()
println box.exec('id', '-u').text.trim()
println box.exec('id', '-u', user: 0).text.trim()
box.delete(force: true)

/* prints
1000
0
*/
