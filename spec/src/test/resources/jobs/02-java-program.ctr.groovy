// Runs a Java program from its source.
def box = container('java-program') { mounts { tmpfs '/src' }; process { cwd '/src' } }
box.start()
box.fs['/src/Hello.java'].text = '''
    class Hello {
        public static void main(String[] a) {
            System.out.println("hello from Java");
        }
    }
'''
print box.exec('java', '-XX:TieredStopAtLevel=1', 'Hello.java').check().text
box.delete(force: true)

/* prints
hello from Java
*/
