// A container runs to its end and returns its status.
println container('status-three') { process { args 'sh', '-c', 'echo out; exit 3' } }.run()

/* prints
out
3
*/
