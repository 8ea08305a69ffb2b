// State that outlives a container: a directory of the machine that one writes and the next one reads.
def volume = File.createTempDir('gantry-volume')
def worker = { String id ->
    container(id) {
        rootfs host()
        mounts { bind volume.path, to: '/state' }
    }
}
try {
    worker('first').withRun { it.exec('sh', '-c', 'echo 41 > /state/count').check() }
    worker('second').withRun { it.exec('sh', '-c', 'echo $(($(cat /state/count) + 1)) > /state/count').check() }
    println "the count is ${new File(volume, 'count').text.trim()}"
} finally {
    volume.deleteDir()
}
