#!/usr/bin/env bash
# Makes machines of network namespaces, each with an address and a host name of its own, runs a line of shell, and removes
# them again. Usage: hosts.sh COUNT LINE. The line finds in $MPIRUN what starts processes on all of them, by Open MPI.
# Exit code: that of the line; 77 where namespaces cannot be made here.
set -uo pipefail
count=$1 line=$2
id=wf$$
net=10.77.$(($$ % 200 + 20))
folder=$(mktemp -d)
remove() {
  for ((n = 1; n <= count; n++)); do ip netns del "$id-$n"; done
  ip link del "$id"
  rm -rf "$folder"
} 2>/dev/null
trap remove EXIT

make() {
  ip link add "$id" type bridge && ip addr add "$net.254/24" dev "$id" && ip link set "$id" up || return
  for ((n = 1; n <= count; n++)); do
    ip netns add "$id-$n" &&
      ip link add "$id.$n" type veth peer name eth0 netns "$id-$n" &&
      ip link set "$id.$n" master "$id" up &&
      ip netns exec "$id-$n" ip addr add "$net.$n/24" dev eth0 &&
      ip netns exec "$id-$n" ip link set eth0 up &&
      ip netns exec "$id-$n" ip link set lo up || return
    hosts+=("$net.$n:1")
  done
  unshare --uts true
}
hosts=()
make >/dev/null 2>&1 || exit 77

# With ONE_CORE=1 each machine has one core, as benchmarks want it.
pin=
if [[ ${ONE_CORE:-} ]]; then pin="taskset -c \$(((n - 1) % $(nproc)))"; fi

# What Open MPI starts in place of ssh: HOST COMMAND...
cat >"$folder/agent" <<AGENT
#!/usr/bin/env bash
n=\${1##*.}
shift
exec ip netns exec "$id-\$n" unshare --uts $pin bash -c "hostname host\$n; \$*"
AGENT
chmod +x "$folder/agent"
joined=$(IFS=,; echo "${hosts[*]}")
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export MPIRUN="mpirun.openmpi --host $joined --bind-to none --mca plm_rsh_agent $folder/agent --mca pml ob1 \
--mca btl tcp,self --mca mpi_yield_when_idle 1 --mca btl_tcp_if_include $net.0/24 --mca oob_tcp_if_include $net.0/24"
bash -c "$line"
