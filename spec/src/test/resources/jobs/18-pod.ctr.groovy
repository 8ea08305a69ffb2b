// Containers of a pod have one network and one hostname.
def web = pod('web-of-job') { container('one') { hostname 'together' }; container('two') { } }
web.start()
println web['two'].exec('hostname').text.trim()
web.delete()

/* prints
together
*/
