// A flaky command is tried again, a few times.
def box = container('flaky') { }
box.start()
def flaky = 'echo x >>/tries; test $(wc -l </tries) -ge 3'
def tries = (1..5).find { box.exec('sh', '-c', flaky).exit == 0 }
println "worked at try $tries"
box.delete(force: true)

/* prints
worked at try 3
*/
