#!/usr/bin/env bash
# Ketama, a ring of hashes that clients of memcached share: uhashring 2.1 (Debian's python3-uhashring 2.1-3, `hash_fn="ketama"`), hashring 3.2.0 of npm (which takes
# ketama for its default) and libmemcached 1.1.4 (Debian's libmemcached11 1.1.4-1 and libhashkit2, weighted ketama). The same four servers, given as host and port,
# and 2,000 keys.
#
# Guess: all name the same server for a key; to be shared by clients in other languages is what ketama is for.
# Behaviour: with port 11212 they do. With 11211, memcached's own port, libmemcached leaves the port out of the names that it hashes: it agrees with the others on
#   505 of 2,000 keys, as four servers do by chance. If only one of the four has port 11211, on 1,396. Given the host alone where the port is 11211, uhashring and
#   hashring agree with it on all.
# Consequence: clients of two languages may look for the same key on two servers, with no error, just misses (or two copies). Write hosts without a port if it is
#   11211, and compare some keys.
set -euo pipefail
for tool in apt-get dpkg node npm /usr/bin/python3; do command -v $tool >/dev/null ||
  { echo "$tool is missing: this runs on Debian 12 with python3 and Node.js 20." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download python3-uhashring=2.1-3 libmemcached11=1.1.4-1 libhashkit2=1.1.4-1 >/dev/null 2>&1 ||
  { echo "The pinned packages cannot be fetched: run apt-get update." >&2; exit 2; }
for package in *.deb; do dpkg -x "$package" .; done
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts hashring@3.2.0 >/dev/null ||
  { echo "The pinned package cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >hashring.cjs <<'JS'
const HashRing = require("hashring");
const names = process.argv.slice(2);
const ring = new HashRing(names);
console.log(JSON.stringify(Array.from({ length: 2000 }, (_, i) => names.indexOf(ring.get(`key${i}`)))));
JS
cat >try.py <<'PY'
import json
import subprocess
from ctypes import CDLL, c_char_p, c_int, c_size_t, c_uint16, c_uint32, c_uint64, c_void_p
from glob import glob
from uhashring import HashRing

KETAMA_WEIGHTED = 16
lib = CDLL(glob("usr/lib/*/libmemcached.so.11")[0])
lib.memcached_create.restype, lib.memcached_create.argtypes = c_void_p, [c_void_p]
lib.memcached_behavior_set.argtypes = [c_void_p, c_int, c_uint64]
lib.memcached_server_add.argtypes = [c_void_p, c_char_p, c_uint16]
lib.memcached_generate_hash.restype, lib.memcached_generate_hash.argtypes = c_uint32, [c_void_p, c_char_p, c_size_t]
keys = [f"key{i}" for i in range(2000)]

def by_libmemcached(servers):
    client = lib.memcached_create(None)
    lib.memcached_behavior_set(client, KETAMA_WEIGHTED, 1)
    for host, port in servers:
        lib.memcached_server_add(client, host.encode(), port)
    return [lib.memcached_generate_hash(client, key.encode(), len(key)) for key in keys]

def by_uhashring(names):
    ring = HashRing(nodes=names, hash_fn="ketama")
    return [names.index(ring.get_node(key)) for key in keys]

def by_hashring(names):
    return json.loads(subprocess.run(["node", "hashring.cjs", *names], check=True, capture_output=True).stdout)

def same(some, others):
    return sum(one == other for one, other in zip(some, others))

for ports in [11212] * 4, [11211] * 4, [11211, 11212, 11213, 11214]:
    servers = [(f"10.0.0.{i + 1}", port) for i, port in enumerate(ports)]
    full = [f"{host}:{port}" for host, port in servers]
    short = [host if port == 11211 else f"{host}:{port}" for host, port in servers]
    theirs = by_libmemcached(servers)
    print(f"ports {ports}: uhashring and hashring {same(by_uhashring(full), by_hashring(full))}, libmemcached and these {same(theirs, by_uhashring(full))}", end=", ")
    print(f"without port 11211 {same(theirs, by_uhashring(short))} {same(theirs, by_hashring(short))}")
PY
found=$(LD_LIBRARY_PATH=$(echo usr/lib/*-linux-gnu) PYTHONPATH=usr/lib/python3/dist-packages /usr/bin/python3 try.py)
expected='ports [11212, 11212, 11212, 11212]: uhashring and hashring 2000, libmemcached and these 2000, without port 11211 2000 2000
ports [11211, 11211, 11211, 11211]: uhashring and hashring 2000, libmemcached and these 505, without port 11211 2000 2000
ports [11211, 11212, 11213, 11214]: uhashring and hashring 2000, libmemcached and these 1396, without port 11211 2000 2000'
echo "$found"
[ "$found" = "$expected" ]
