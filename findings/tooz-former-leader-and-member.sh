#!/usr/bin/env bash
# tooz 3.1.0 (Debian's python3-tooz 3.1.0-3), group membership and leader election for OpenStack, with its driver for Redis (Debian's redis-server): of three members
# the leader is silent for longer than `membership_timeout` and `leader_timeout`, and then goes on as before, with `heartbeat`, `run_watchers` and
# `run_elect_coordinator`.
#
# Guess: while it is silent it is taken off the group, and another one is elected. When it goes on it is told: `heartbeat` raises an error, or counts it as a member
#   again, and `run_elect_coordinator` says that it leads no more.
# Behaviour: another one is elected, and the former leader is never told. `heartbeat` returns as ever, also while the member belongs to no group any more, and does
#   not bring it back; that it cannot extend the leader's lock is a line in the log. Only who watches departures hears that "somebody" has left, who is itself. Two
#   take themselves for the leader from then on. `join_group` brings the member back.
# Consequence: with every heartbeat look for yourself among the members, and give leadership up when you are not there; what the leader writes needs a fencing token
#   in any case.
set -euo pipefail
for tool in apt-get dpkg /usr/bin/python3; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with python3." >&2; exit 2; }; done
place=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill $server; wait $server || true; fi; rm -rf "$place"' EXIT
cd "$place"
python=(async-timeout debtcollector fasteners futurist iso8601 msgpack netaddr netifaces oslo.i18n oslo.serialization oslo.utils packaging pbr prettytable pyparsing
  redis six stevedore tenacity tooz=3.1.0-3 tz voluptuous wrapt)
apt-get download "${python[@]/#/python3-}" redis-server redis-tools libatomic1 libhiredis0.14 libjemalloc2 liblua5.1-0 liblzf1 lua-bitop lua-cjson >/dev/null 2>&1 ||
  { echo "python3-tooz 3.1.0-3, redis-server or a library that they need cannot be fetched: run apt-get update." >&2; exit 2; }
for package in *.deb; do dpkg -x "$package" .; done
export LD_LIBRARY_PATH=$(echo usr/lib/*-linux-gnu) PYTHONPATH=usr/lib/python3/dist-packages
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
usr/bin/redis-server --port "$port" --bind 127.0.0.1 --save "" >redis.log 2>&1 &
server=$!
cat >try.py <<'PY'
import sys
import time
from oslo_utils import netutils
from tooz.drivers.redis import RedisDriver

url = netutils.urlsplit(f"redis://127.0.0.1:{sys.argv[1]}")
options = {"timeout": ["5"], "lock_timeout": ["2"], "membership_timeout": ["2"], "leader_timeout": ["2"]}
heard = []

def member(name):
    coordinator = RedisDriver(name.encode(), url, options)
    coordinator.start()
    return coordinator

def started(name, tries=50):
    try:
        return member(name)
    except Exception:
        if tries == 0:
            raise
        time.sleep(0.1)
        return started(name, tries - 1)

members = {name: started(name) for name in ("a", "b", "c")}
members["a"].create_group(b"g").get()
for name, one in members.items():
    one.join_group(b"g").get()
    one.watch_elected_as_leader(b"g", lambda event, name=name: heard.append(f"{name} leads"))
    one.watch_leave_group(b"g", lambda event, name=name: heard.append(f"{name} hears that {event.member_id.decode()} left"))

def go_on(names, seconds):
    heard.clear()
    end = time.time() + seconds
    while time.time() < end:
        for name in names:
            members[name].heartbeat()
            members[name].run_watchers()
            members[name].run_elect_coordinator()
        time.sleep(0.2)
    group = " ".join(sorted(one.decode() for one in members["c"].get_members(b"g").get()))
    print(f"  members: {group}; heard: {', '.join(sorted(set(heard))) or 'nothing'}")

print("all go on")
go_on("abc", 1)
print("a is silent")
go_on("bc", 5)
print("a goes on as before")
go_on("abc", 3)
members["a"].join_group(b"g").get()
print("a has joined again")
go_on("abc", 1)
PY
found=$(/usr/bin/python3 try.py "$port" 2>log.txt) || { cat log.txt >&2; exit 1; }
expected="all go on
  members: a b c; heard: a leads
a is silent
  members: b c; heard: b hears that a left, b leads, c hears that a left
a goes on as before
  members: b c; heard: a hears that a left
a has joined again
  members: a b c; heard: nothing"
echo "$found"
echo "logged: $(grep -m 1 -o "Cannot reacquire a lock that's no longer owned" log.txt)"
[ "$found" = "$expected" ]
