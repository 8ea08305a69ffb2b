// Compiles a C program and runs it.
def box = container('c-program') { mounts { tmpfs '/build' }; process { cwd '/build' } }
box.start()
box.fs['/build/hello.c'].text = '#include <stdio.h>\nint main(void) { puts("hello from C"); return 0; }\n'
box.sh('gcc -o hello hello.c')
print box.exec('./hello').check().text
box.delete(force: true)

/* prints
hello from C
*/
