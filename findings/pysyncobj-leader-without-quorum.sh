#!/usr/bin/env bash
# PySyncObj 0.3.11 (Debian's python3-pysyncobj 0.3.11-1), a library for Raft: three nodes in one process; then the two followers end, and the leader is alone.
#
# Guess: elections take 0.4 to 1.4 seconds without a heartbeat, so the leader, too, gives up after about as long without answers; `isReady()` is false then.
# Behaviour: `_isLeader()` is true for 30 seconds (`leaderFallbackTimeout`), more than 20 times as long as the others need to elect somebody else, so two
#   nodes may say at the same time that they lead. `isReady()` stays true, also after the leader has given up: it says that the node was in step once. A command times
#   out meanwhile. `hasQuorum` is false at once.
# Consequence: whoever reads the state of the leader because it is the leader may read what is 30 seconds old; ask `hasQuorum`, or read by a command.
set -euo pipefail
for tool in apt-get dpkg /usr/bin/python3; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with python3." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download python3-pysyncobj=0.3.11-1 >/dev/null 2>&1 || { echo "python3-pysyncobj 0.3.11-1 cannot be fetched: run apt-get update." >&2; exit 2; }
dpkg -x python3-pysyncobj_*.deb .
cat >try.py <<'PY'
import socket
import time
from pysyncobj import SyncObj, SyncObjConf, SyncObjException, replicated

class Counter(SyncObj):
    def __init__(self, me, others, conf):
        super().__init__(me, others, conf)
        self.count = 0

    @replicated
    def add(self, n):
        self.count += n
        return self.count

def free_addresses(n):
    sockets = [socket.socket() for _ in range(n)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    addresses = [f"127.0.0.1:{one.getsockname()[1]}" for one in sockets]
    for one in sockets:
        one.close()
    return addresses

def wait_for(condition, seconds):
    end = time.time() + seconds
    while not condition() and time.time() < end:
        time.sleep(0.05)
    return condition()

def said(node):
    return f"leader {node._isLeader()}, ready {node.isReady()}, quorum {node.hasQuorum}"

def alone(conf, seconds):
    addresses = free_addresses(3)
    nodes = [Counter(me, [other for other in addresses if other != me], conf) for me in addresses]
    assert wait_for(lambda: all(node.isReady() for node in nodes) and any(node._isLeader() for node in nodes), 20)
    leader = next(node for node in nodes if node._isLeader())
    print(f"  with all: {said(leader)}, add gives {leader.add(1, sync=True, timeout=10)}")
    for node in nodes:
        if node is not leader:
            node.destroy()
    wait_for(lambda: not leader._isLeader(), seconds)
    print(f"  alone, after {seconds} seconds or when it has given up: {said(leader)}")
    try:
        leader.add(1, sync=True, timeout=1)
    except SyncObjException as error:
        print(f"  add: {error.errorCode}, count {leader.count}")
    leader.destroy()

conf = SyncObjConf()
print(f"as it comes: elections after {conf.raftMinTimeout} to {conf.raftMaxTimeout} seconds, leaderFallbackTimeout {conf.leaderFallbackTimeout}")
alone(conf, 6)
print("leaderFallbackTimeout 2")
alone(SyncObjConf(leaderFallbackTimeout=2), 20)
PY
found=$(PYTHONPATH=usr/lib/python3/dist-packages timeout 100 /usr/bin/python3 try.py)
expected='as it comes: elections after 0.4 to 1.4 seconds, leaderFallbackTimeout 30.0
  with all: leader True, ready True, quorum True, add gives 1
  alone, after 6 seconds or when it has given up: leader True, ready True, quorum False
  add: Timeout, count 1
leaderFallbackTimeout 2
  with all: leader True, ready True, quorum True, add gives 1
  alone, after 20 seconds or when it has given up: leader False, ready True, quorum False
  add: Timeout, count 1'
echo "$found"
[ "$found" = "$expected" ]
