// Steps name parts of a job; a report has a case for each.
def box = container('steps') { }
box.start()
['build', 'test'].each { name -> step(name) { box.exec('true').check(); println "$name is done" } }
box.delete(force: true)

/* prints
build is done
test is done
*/
