// A database and its client, on a network that nobody else sees.
def db = pod('database') {
    container('db-server') {
        process {
            args 'python3', '-c', '''
import socketserver, sqlite3
base = sqlite3.connect(":memory:", check_same_thread=False)
class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        rows = base.execute(self.rfile.readline().decode()).fetchall()
        self.wfile.write((repr(rows) + "\\n").encode())
socketserver.TCPServer(("127.0.0.1", 5432), Handler).serve_forever()
'''
        }
    }
    container('db-client') { }
}
db.start()
db['db-server'].waitFor(30.s) { port 5432 }
def ask = '''
import socket, sys
s = socket.create_connection(("127.0.0.1", 5432))
s.sendall(sys.argv[1].encode() + b"\\n")
print(s.makefile().readline(), end="")
'''
def query = { String sql -> db['db-client'].exec('python3', '-c', ask, sql).check().text }
query('create table t (n int)')
query('insert into t values (41), (42)')
print query('select max(n) from t')
db.delete()

/* prints
[(42,)]
*/
