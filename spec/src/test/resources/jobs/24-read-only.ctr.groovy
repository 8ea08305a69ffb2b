// Nothing can be written but where it is said.
def box = container('read-only') { rootfs host(), readonly: true; mounts { tmpfs '/tmp' } }
box.start()
println box.exec('sh', '-c', 'touch /x 2>/dev/null || echo no; touch /tmp/x && echo yes').lines
box.delete(force: true)

/* prints
[no, yes]
*/
