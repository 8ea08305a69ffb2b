// A cache on this machine that outlives containers.
def cache = File.createTempDir('gantry-job')
try {
    ['first', 'second'].each { name ->
        def box = container("cache-$name") { mounts { bind cache.path, to: '/cache' } }
        box.start()
        def look = 'test -e /cache/jar && echo hit || { echo miss; touch /cache/jar; }'
        println "$name: " + box.exec('sh', '-c', look).text.trim()
        box.delete(force: true)
    }
} finally {
    cache.deleteDir()
}

/* prints
first: miss
second: hit
*/
