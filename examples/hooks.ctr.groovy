// Code of the script at the points of a container's life.
def box = container('hooked') {
    rootfs host()
    process { args 'true' }
    hooks {
        createRuntime { state -> println "created: ${state.id}" }
        poststart { state -> println 'started' }
        poststop { state -> println 'gone' }
    }
}
println "status ${box.run()}"
