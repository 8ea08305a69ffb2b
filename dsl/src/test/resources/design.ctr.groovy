def box = container('box') {
    rootfs host()
    hostname 'box'
    process {
        args 'sleep', 'infinity'
        env CI: 'true', PATH: '/usr/bin:/bin'
        cwd '/src'
        user uid: 1000, gid: 1000
        capabilities { drop 'ALL'; add 'NET_BIND_SERVICE' }
        rlimit 'NOFILE', soft: 1024, hard: 2048
        noNewPrivileges true
    }
    mounts {
        bind '.', to: '/src', readonly: true
        tmpfs '/tmp', size: 64.MiB
    }
    namespaces { network 'none' }
    resources { memory 256.MiB; cpus 1.5; pids 128 }
    seccomp { profile 'default'; deny 'ptrace' }
    hooks {
        createRuntime { state -> println "pid ${state.pid}" }     // a closure is a hook
        poststop '/usr/bin/logger', 'gone'
    }
    annotations 'org.example.team': 'ci'
}

box.start()                                    // create, then start
def who = box.exec('id', '-u')                 // runs to its end
assert who.exit == 0 && who.text.trim() == '1000'
box.exec('make', 'test').check()               // throws, with the output's tail, when it fails
println box.stats.memory.usage
box.pause(); box.resume()
