// Variables from a file.
def file = File.createTempFile('gantry-job', '.env')
try {
    file.text = '# of the job\nCOLOUR=green\nSIZE=3\n'
    def lines = file.readLines().findAll { it.contains('=') && !it.startsWith('#') }
    def pairs = lines.collectEntries { it.split('=', 2).toList() }
    def box = container('env-file') { process { env pairs } }
    box.start()
    println box.exec('sh', '-c', 'echo $COLOUR $SIZE').text.trim()
    box.delete(force: true)
} finally {
    file.delete()
}

/* prints
green 3
*/
