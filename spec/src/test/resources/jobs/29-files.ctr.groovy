// Files of a container are read and written from outside.
def box = container('files-of-job') { }
box.start()
box.fs['/etc/motd'].text = 'welcome\n'
print box.exec('cat', '/etc/motd').text
println box.fs['/etc/motd'].lines
println new File('/etc/motd').exists() && new File('/etc/motd').text == 'welcome\n'
box.delete(force: true)

/* prints
welcome
[welcome]
false
*/
