#!/bin/bash
# Makes the corpus of real configs: each line says how one was made.
here=$(dirname "$(readlink -f "$0")"); out=$here/corpus; root=$here/root; n=0
note() { echo "- \`$1.json\`: \`$2\`" >> "$out/README.md"; }
echo "Configs that other programs wrote on Debian 12 (runc $(runc --version|head -1|cut -d' ' -f3), crun $(crun --version|head -1|cut -d' ' -f3), podman $(podman --version|cut -d' ' -f3), buildah $(buildah --version|cut -d' ' -f3)); the last two with a runtime that keeps the config and fails." > $out/README.md
echo >> $out/README.md
spec() { n=$1; shift; d=$(mktemp -d); (cd $d; "$@" >/dev/null); cp $d/config.json $out/$n.json; rm -r $d; note $n "$*"; }
spec runc-spec runc spec; spec runc-spec-rootless runc spec --rootless; spec crun-spec crun spec; spec crun-spec-rootless crun spec --rootless
pod() { n=$1; shift; cap=$here/captured.json; rm -f $cap
  podman --root $here/ps --runroot $here/pr --storage-driver vfs --cgroup-manager cgroupfs --runtime $here/capture --events-backend none run --rm --network none --rootfs "$@" >$here/log 2>&1
  if [ -e $cap ]; then mv $cap $out/$n.json; note $n "podman run --network none --rootfs $*"; else echo "$n: $(tail -1 $here/log)"; fi; }
r="$root"
pod podman-plain $r true
pod podman-privileged --privileged $r true
pod podman-readonly --read-only $r true
pod podman-user --user 1000:1000 $r id
pod podman-caps --cap-drop ALL --cap-add NET_BIND_SERVICE $r true
pod podman-memory --memory 64m --memory-swap 128m --memory-reservation 32m $r true
pod podman-cpu --cpus 1.5 --cpu-shares 512 --cpuset-cpus 0 $r true
pod podman-pids --pids-limit 50 $r true
pod podman-devices --device /dev/fuse --device /dev/null:/dev/zilch:r $r true
pod podman-volumes -v /etc:/host-etc:ro -v /tmp:/host-tmp:rw,rshared $r true
pod podman-tmpfs --tmpfs /cache:size=16m,mode=1777 --shm-size 32m $r true
pod podman-env -e A=b -e 'C=d e' -e 'Q="q"' $r true
pod podman-labels --annotation org.example.a=b --label x=y $r true
pod podman-hostname --hostname box --uts private $r true
pod podman-host-ns --pid host --ipc host --uts host $r true
pod podman-ulimit --ulimit nofile=1024:2048 --ulimit core=0 $r true
pod podman-sysctl --sysctl net.core.somaxconn=512 --sysctl kernel.shmmax=65536 $r true
pod podman-no-new-privs --security-opt no-new-privileges $r true
pod podman-unconfined --security-opt seccomp=unconfined --security-opt apparmor=unconfined $r true
pod podman-mask --security-opt mask=/proc/cpuinfo --security-opt unmask=/sys/firmware $r true
pod podman-tty -t $r sh
pod podman-workdir --workdir /tmp $r sh -c 'echo "a b" | cat'
pod podman-oom --oom-score-adj 500 --oom-kill-disable --memory 32m $r true
pod podman-blkio --blkio-weight 200 $r true
pod podman-cgroup --cgroupns private --cgroup-parent /gantry-corpus $r true
pod podman-init --stop-signal HUP $r true
pod podman-userns --uidmap 0:100000:65536 --gidmap 0:100000:65536 $r true
pod podman-groups --group-add 44 --group-add 100 --user 1000 $r true
pod podman-umask --umask 0077 $r true
pod podman-unicode -e 'GREETING=grüß €' --annotation 'a=$x ${y}' $r echo "it's \\n"
bld() { n=$1; shift; cap=$here/captured.json; rm -f $cap
  B="buildah --root $here/ps --runroot $here/pr --storage-driver vfs"; c=$($B from scratch 2>/dev/null); m=$($B mount $c); mkdir -p $m/bin; cp /bin/busybox $m/bin/sh
  local opts=(); while [ "$1" != -- ]; do opts+=("$1"); shift; done; shift
  $B run --isolation oci --runtime $here/capture --network none "${opts[@]}" $c "$@" >$here/log 2>&1
  $B rm $c >/dev/null 2>&1
  if [ -e $cap ]; then mv $cap $out/$n.json; note $n "buildah run --network none ${opts[*]} scratch $*"; else echo "$n: $(tail -2 $here/log)"; fi; }
bld buildah-plain -- true
bld buildah-user --user 1000:1000 -- id
bld buildah-caps --cap-add CAP_SYS_PTRACE --cap-drop CAP_CHOWN -- true
bld buildah-volume -v /etc:/host-etc:ro -- true
bld buildah-workdir --workingdir /bin --env A=b -- sh -c 'echo $A'
bld buildah-tty --tty -- sh
for h in /sys/fs/cgroup/*; do rmdir "$h/gantry-corpus" 2>/dev/null; done # podman leaves the parent it was told
true
