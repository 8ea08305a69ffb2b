// More memory than there may be ends the program.
def box = container('out-of-memory') {
    process { args 'python3', '-c', 'x = bytearray(200 << 20)' }
    resources { memory 32.MiB }
}
println "status ${box.run()}"

/* prints
status 137
*/
