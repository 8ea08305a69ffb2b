// A seccomp profile that denies what a build has no business to do.
def box = container('strict') {
    rootfs host()
    seccomp {
        profile 'default'
        deny 'mkdir', 'mkdirat'
    }
}
box.start()
def denied = box.exec('mkdir', '/tmp/new')
println "mkdir: ${denied.err.trim().replaceAll(/.*: /, '')}"
println "touch: ${box.exec('touch', '/tmp/file').exit == 0 ? 'allowed' : 'denied'}"
