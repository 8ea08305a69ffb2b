// Without capabilities root may not change owners.
def box = container('powerless') { process { capabilities { drop 'ALL' } } }
box.start()
println box.exec('sh', '-c', 'touch /x && chown 1000 /x 2>/dev/null || echo refused').text.trim()
box.delete(force: true)

/* prints
refused
*/
