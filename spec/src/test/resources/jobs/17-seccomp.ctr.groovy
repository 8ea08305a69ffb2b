// A system call is denied.
def box = container('denied') { seccomp { profile 'default'; deny 'mkdir', 'mkdirat' } }
box.start()
println box.exec('mkdir', '/x').err.trim()
box.delete(force: true)

/* prints
mkdir: cannot create directory '/x': Operation not permitted
*/
