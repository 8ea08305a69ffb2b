// Files go in before a job, and what it made comes out.
def work = File.createTempDir('gantry-job')
try {
    new File(work, 'in.txt').text = 'b\na\n'
    def box = container('artefacts') { mounts { tmpfs '/work' } }
    box.start()
    box.copyIn("$work/in.txt", '/work/in.txt')
    box.exec('sort', '-o', '/work/out.txt', '/work/in.txt').check()
    box.copyOut('/work/out.txt', "$work/out.txt")
    print new File(work, 'out.txt').text
    box.delete(force: true)
} finally {
    work.deleteDir()
}

/* prints
a
b
*/
