// Files and ports that a tool needs, and no others, no matter which user it runs as.
def box = container('restricted') {
    rootfs host()
    landlock {
        exec '/usr', '/bin', '/lib'
        read '/etc', '/proc'
        write '/tmp', '/dev/null'
        connect 443
        scope 'signal'
    }
}
box.start()
println "write /tmp: ${box.exec('touch', '/tmp/file').exit == 0 ? 'allowed' : 'denied'}"
println "write /root: ${box.exec('touch', '/root/file').exit == 0 ? 'allowed' : 'denied'}"
println "list /root: ${box.exec('ls', '/root').exit == 0 ? 'allowed' : 'denied'}"
