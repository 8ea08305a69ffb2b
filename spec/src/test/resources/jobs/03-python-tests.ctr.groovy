// Runs unit tests, and reports how they ended.
def box = container('python-tests') { mounts { tmpfs '/src' }; process { cwd '/src' } }
box.start()
box.fs['/src/test_sum.py'].text = '''import unittest
class T(unittest.TestCase):
    def test_sum(self): self.assertEqual(1 + 1, 2)
    def test_bad(self): self.assertEqual(1 + 1, 3)
'''
def result = box.exec('python3', '-m', 'unittest', '-q')
println "exit ${result.exit}, ${result.err.readLines().last()}"
box.delete(force: true)

/* prints
exit 1, FAILED (failures=1)
*/
