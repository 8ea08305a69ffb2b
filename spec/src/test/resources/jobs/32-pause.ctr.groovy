// A container is paused, and goes on.
def box = container('paused') { }
box.start()
box.pause()
println box.status
box.resume()
println box.status
box.delete(force: true)

/* prints
paused
running
*/
