// The output of one container goes into another.
def from = container('pipe-from') { }
def to = container('pipe-to') { }
from.start()
to.start()
println((from.exec('seq', '1000') | to.exec('wc', '-l')).text.trim())
from.delete(force: true)
to.delete(force: true)

/* prints
1000
*/
