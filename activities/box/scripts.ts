/**
 * The two shell scripts that make a box, from util-linux alone. They are texts and no files, because a worker may run from a bundle; all
 * that varies comes as arguments.
 *
 * There are two user namespaces. The outer one has the worker's own user as its root, and beside it a range of ids that belong to nobody:
 * its root makes the mounts, is process 1 and keeps the door. The inner one has that range alone. The command runs there, so it can neither
 * change a mount, nor touch process 1, and what it leaves on the disk belongs to nobody.
 */

/** Outside. WORK BASE COUNT MAPPER [cgroup.procs …] -- the arguments of `inside`, which is in the variable of that name. */
export const launch = `
set -eu
work=$1 base=$2 count=$3 mapper=$4
shift 4
while [ "$1" != -- ]; do echo $$ > "$1"; shift; done
shift
mkfifo "$work/said" "$work/go"
exec 8<>"$work/said" 9<>"$work/go"
(
  code=0
  unshare --user -- sh -c 'echo "ready $$" >&8; read -r _ <&9; exec 8>&- 9>&-; exec "$@"' box \\
    unshare --mount --pid --ipc --uts --net --cgroup --fork --kill-child=KILL --propagation private -- \\
    sh -c "$inside" box "$@" || code=$?
  echo ended >&8
  exit $code
) &
child=$!
read -r said pid <&8
if [ "$said" = ready ]; then
  if [ "$mapper" = newuidmap ]; then
    newuidmap "$pid" 0 "$(id -u)" 1 1 "$base" "$count"
    newgidmap "$pid" 0 "$(id -g)" 1 1 "$base" "$count"
  else
    printf '0 %s 1\\n1 %s %s\\n' "$(id -u)" "$base" "$count" > "/proc/$pid/uid_map"
    printf '0 %s 1\\n1 %s %s\\n' "$(id -g)" "$base" "$count" > "/proc/$pid/gid_map"
  fi
  echo go >&9
fi
wait "$child"
`;

/** Process 1 of the box, and root of the outer namespace. ROOT NODE KEEPER KEEP TMPBYTES OWNER (ro|rw FROM AT) … -- */
export const inside = `
set -eu
umask 022
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
root=$1 node=$2 keeper=$3 keep=$4 tmp=$5 owner=$6
shift 6

bind() { # FROM AT ro|rw: the flags of a mount that was there before may be kept, never taken away
  mount --bind "$1" "$2"
  mount -o "remount,bind,$3,nosuid,nodev" "$2" 2>/dev/null || mount -o "remount,bind,$3,nosuid,nodev,noexec" "$2"
}
place() { # FROM AT ro|rw
  if [ -d "$1" ]; then mkdir -p "$2"; else mkdir -p "\${2%/*}"; : > "$2"; fi
  bind "$1" "$2" "$3"
}

# One user namespace more, the command's own, and none inside of it.
echo 1 > /proc/sys/user/max_user_namespaces
hostname box 2>/dev/null || true

mount -t tmpfs -o size=32m,mode=755,nosuid,nodev box "$root"
cd "$root"
mkdir -p usr etc proc dev sys tmp run var/lib var/cache .box/keep old
ln -s ../tmp var/tmp
bind /usr usr ro
for name in bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$name" ]; then cp -P "/$name" "$name"; elif [ -d "/$name" ]; then place "/$name" "$name" ro; fi
done
for name in ld.so.cache ld.so.conf ld.so.conf.d alternatives ssl/certs ssl/openssl.cnf ca-certificates pki/tls pki/ca-trust; do
  if [ -L "/etc/$name" ]; then mkdir -p "etc/\${name%/*}"; cp -P "/etc/$name" "etc/$name"
  elif [ -e "/etc/$name" ]; then place "/etc/$name" "etc/$name" ro; fi
done
printf 'root:x:0:0:root:/tmp:/bin/sh\\nbox:x:1000:1000:box:/tmp:/bin/sh\\nnobody:x:65534:65534:nobody:/:/bin/false\\n' > etc/passwd
printf 'root:x:0:\\nbox:x:1000:\\nnogroup:x:65534:\\n' > etc/group
printf '127.0.0.1 localhost box\\n::1 localhost\\n' > etc/hosts
printf 'passwd: files\\ngroup: files\\nhosts: files\\n' > etc/nsswitch.conf
: > etc/resolv.conf
mkdir etc/containers
printf '{"default":[{"type":"insecureAcceptAnything"}]}' > etc/containers/policy.json

mount -t proc -o nosuid,nodev,noexec proc proc
for name in sys sysrq-trigger irq bus fs; do [ ! -e "proc/$name" ] || bind "proc/$name" "proc/$name" ro; done
for name in kcore keys key-users kmsg timer_list sched_debug; do [ ! -e "proc/$name" ] || mount --bind /dev/null "proc/$name"; done
for name in scsi acpi; do [ ! -d "proc/$name" ] || mount -t tmpfs -o ro,size=0,nosuid,nodev box "proc/$name"; done

mount -t tmpfs -o size=64k,mode=755,nosuid box dev
for name in null zero full random urandom; do : > "dev/$name"; mount --bind "/dev/$name" "dev/$name"; done
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mkdir dev/shm
mount -t tmpfs -o "size=$tmp,mode=1777,nosuid,nodev" box dev/shm
mount -t tmpfs -o "size=$tmp,mode=1777,nosuid,nodev" box tmp
for name in run var/cache var/lib; do mount -t tmpfs -o size=16m,mode=1777,nosuid,nodev box "$name"; done
mount -t tmpfs -o ro,size=4k,mode=755,nosuid,nodev,noexec box sys

place "$node" .box/node ro
place "$keeper" ".box/keeper.m\${keeper##*.}" ro
bind "$keep" .box/keep rw

# A read-only directory that is the worker's alone is shown entry by entry, so that its own rights need not change. A link stays a link.
show() {
  if [ ! -d "$1" ] || [ -n "$(find "$1" -maxdepth 0 -perm -005)" ]; then place "$1" "$2" ro; return; fi
  mkdir -p "$2"
  for entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if [ -L "$entry" ]; then cp -P "$entry" "$2/"; elif [ -f "$entry" ] || [ -d "$entry" ]; then place "$entry" "$2/\${entry##*/}" ro; fi
  done
}
for_writable() { # COMMAND …: for each writable directory
  for at in $writable; do "$@" ".$at"; done
}
writable=
while [ "$1" != -- ]; do
  if [ "$1" = ro ]; then show "$2" ".$3"
  else
    place "$2" ".$3" rw
    writable="$writable $3"
  fi
  shift 3
done
for_writable chown -hR "$owner:$owner"

[ -z "$(command -v ip)" ] || ip link set lo up
pivot_root . old
cd /
umount -l old
rmdir old
mount -o remount,bind,ro,nosuid,nodev /

code=0
env -i PATH="$PATH" HOME=/tmp LC_ALL=C.UTF-8 /.box/node --disable-warning=ExperimentalWarning "/.box/keeper.m\${keeper##*.}" || code=$?
kill -KILL -1 2>/dev/null || true
# What was written becomes the worker's own, without the rights to act as somebody else. Nobody is left who could change it meanwhile.
for_writable chown -hR 0:0
for_writable chmod -R u+rwX,a-s
exit "$code"
`;
