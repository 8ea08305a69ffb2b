// A secret is used, and never shown.
def token = secret('hunter2-of-job-11')
def box = container('secrets') { process { env TOKEN: token } }
box.start()
println box.exec('sh', '-c', 'echo the token is $TOKEN').text.trim()
println box.exec('sh', '-c', 'test "$TOKEN" = hunter2-of-job-11 && echo it is right').text.trim()
box.delete(force: true)

/* prints
the token is ***
it is right
*/
