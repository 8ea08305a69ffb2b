// What happens when memory runs out: the greedy process is killed, the container and the script go on.
import java.util.concurrent.CountDownLatch

def told = new CountDownLatch(1)
def box = container('small') {
    rootfs host()
    resources { memory 32.MiB; memorySwap 32.MiB; pids 64 }
}
box.start()
box.onOom { told.countDown() }

def greedy = box.exec('sh', '-c', 'tail /dev/zero')
println "the greedy one ended with ${greedy.exit}"
told.await()
println 'the script was told'

box.update { memory 128.MiB; memorySwap 128.MiB }
println "the limit is now ${box.stats.memory.limit >> 20} MiB"
println "the container is ${box.status}"
