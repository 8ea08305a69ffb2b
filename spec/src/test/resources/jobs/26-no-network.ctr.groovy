// Only the loopback is there.
def box = container('offline') { namespaces { network 'none' } }
box.start()
println box.exec('sh', '-c', 'tail -n +3 /proc/net/dev | cut -d: -f1').text.trim()
box.delete(force: true)

/* prints
lo
*/
