// The same job for each combination, all at once.
parallel {
    ['3', '4'].each { a ->
        ['5', '6'].each { b ->
            branch("$a-$b") {
                def box = container("matrix-$a-$b") { process { env A: a, B: b } }
                box.start()
                assert box.exec('sh', '-c', 'echo $((A * B))').text.trim() == "${a.toInteger() * b.toInteger()}"
                box.delete(force: true)
            }
        }
    }
}
println 'four products'

/* prints
four products
*/
