#!/usr/bin/env bash
# python-etcd3 0.12.0 (Debian's python3-etcd3 0.12.0-2, with python3-tenacity 8.2.1-1 beside it) on etcd 3.4.23 (Debian's etcd-server 3.4.23-4+b4): two clients and
# one lock.
#
# Guess: whoever comes second waits, until the lock is free or `timeout` is over, and then gets True or False.
# Behaviour: it gets a TypeError, at once: python-etcd3 hands tenacity, which repeats the attempt for it, a function of two arguments, and tenacity calls such
#   functions with one since version 6. A lock that is free is acquired without a second attempt, so whoever is alone sees nothing. The lock itself is sound: the
#   error leaves it with its holder, and after the release the second client gets it.
# Consequence: test a lock while somebody holds it. With these packages catch the error, and try again in a loop of one's own.
set -euo pipefail
for tool in apt-get dpkg /usr/bin/python3; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with python3." >&2; exit 2; }; done
place=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill $server; wait $server || true; fi; rm -rf "$place"' EXIT
cd "$place"
apt-get download etcd-server=3.4.23-4+b4 python3-etcd3=0.12.0-2 python3-tenacity=8.2.1-1 python3-grpcio python3-protobuf python3-six \
  libabsl20220623 libc-ares2 libgrpc29 libgrpc++1.51 libprotobuf32 libre2-9 >/dev/null 2>&1 ||
  { echo "etcd-server, python3-etcd3, python3-tenacity or a library that they need cannot be fetched: run apt-get update." >&2; exit 2; }
for package in *.deb; do dpkg -x "$package" .; done
read -r clients peers < <(/usr/bin/python3 -c '
import socket
sockets = [socket.socket() for _ in range(2)]
for one in sockets: one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in sockets))')
usr/bin/etcd --data-dir data --listen-client-urls "http://127.0.0.1:$clients" --advertise-client-urls "http://127.0.0.1:$clients" \
  --listen-peer-urls "http://127.0.0.1:$peers" --initial-advertise-peer-urls "http://127.0.0.1:$peers" --initial-cluster "default=http://127.0.0.1:$peers" >etcd.log 2>&1 &
server=$!
cat >try.py <<'PY'
import sys
import time
import etcd3

def lock():
    return etcd3.client(host="127.0.0.1", port=int(sys.argv[1])).lock("leader", ttl=60)

def acquire(one, timeout=1):
    try:
        return one.acquire(timeout=timeout)
    except TypeError as error:
        return f"TypeError, {str(error).split('wait() ')[-1]}"

first, second = lock(), lock()
for _ in range(50):
    try:
        first.is_acquired()
        break
    except etcd3.exceptions.ConnectionFailedError:
        time.sleep(0.1)
print("free:", acquire(first))
print("held:", acquire(second))
print("held by the first:", first.is_acquired(), "by the second:", second.is_acquired())
print("released:", first.release())
print("free again:", acquire(second))
PY
found=$(LD_LIBRARY_PATH=$(echo usr/lib/*-linux-gnu) PYTHONPATH=usr/lib/python3/dist-packages /usr/bin/python3 try.py "$clients")
expected="free: True
held: TypeError, missing 1 required positional argument: 'delay_since_first_attempt'
held by the first: True by the second: False
released: True
free again: True"
echo "$found"
[ "$found" = "$expected" ]
