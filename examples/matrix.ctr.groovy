// One job for every combination of parameters, all at once.
//     ./gantry run -P compilers=gcc,clang -P levels=-O2 examples/matrix.ctr.groovy
def compilers = param('compilers', default: 'cc,gcc').split(',')
def levels = param('levels', default: '-O0,-O2').split(',')

Map<String, Closure<?>> jobs = [:]
for (String compiler : compilers) {
    for (String level : levels) {
        jobs["$compiler$level".toString()] = build(compiler, level)
    }
}
parallel(jobs).each { job, exit -> println "$job: ${exit == 0 ? 'passed' : 'failed'}" }

Closure<Integer> build(String compiler, String level) {
    def job = container("job-$compiler$level") {
        rootfs host()
        mounts { tmpfs '/build' }
        process { cwd '/build' }
        namespaces { network 'none' }
    }
    return {
        job.withRun { box ->
            box.fs['/build/main.c'].text = 'int main(void) { return 6 * 7 - 42; }\n'
            box.exec(compiler, level, '-Wall', '-Werror', '-o', 'main', 'main.c', timeout: 1.min).check()
            box.exec('./main').exit
        }
    }
}
