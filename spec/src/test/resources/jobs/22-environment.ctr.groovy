// Variables of a container, and of one command.
def box = container('environment') { process { env LEVEL: '1', NAME: 'all' } }
box.start()
println box.exec('sh', '-c', 'echo $LEVEL $NAME', env: [LEVEL: '2']).text.trim()
box.delete(force: true)

/* prints
2 all
*/
