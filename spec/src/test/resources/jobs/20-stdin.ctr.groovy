// A command reads a text.
def box = container('stdin') { }
box.start()
print box.exec('tr', 'a-z', 'A-Z', stdin: 'loud\n').text
box.delete(force: true)

/* prints
LOUD
*/
