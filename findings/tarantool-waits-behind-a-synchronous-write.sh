#!/usr/bin/env bash
# Tarantool 2.6.0 (Debian's tarantool 2.6.0-1.2+b1): one of two replicas is there, `replication_synchro_quorum` is 2, and somebody writes to a synchronous space
# (`is_sync = true`); meanwhile others read it, and write to another space, which is not synchronous.
#
# Guess: after `replication_synchro_timeout` the client of the synchronous write gets an error, and what it wrote is gone. A write to a space that is not synchronous
#   does not wait for anybody, and succeeds.
# Behaviour: the other write waits behind the synchronous one, and is rolled back with it: its client, who asked for no quorum, gets an error, though a single replica
#   would have done. After that the same write succeeds. (Meanwhile everybody can read what the synchronous write has written, and a second later it is gone.)
# Consequence: a replica without a quorum loses the writes of all spaces that come while a synchronous one waits, so "asynchronous" is no promise of being available;
#   and what is read of a synchronous space may never have been decided.
set -euo pipefail
for tool in apt-get dpkg; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
apt-get download tarantool=2.6.0-1.2+b1 libcurl4 libgomp1 libicu72 libreadline8 libunwind8 libyaml-0-2 >/dev/null 2>&1 ||
  { echo "tarantool 2.6.0-1.2+b1, or a library that it needs, cannot be fetched: run apt-get update." >&2; exit 2; }
for package in *.deb; do dpkg -x "$package" .; done
mkdir data
cat >try.lua <<'LUA'
local fiber = require('fiber')
box.cfg{memtx_dir = 'data', wal_dir = 'data', log = 'tarantool.log', replication_synchro_quorum = 2, replication_synchro_timeout = 1}
local votes = box.schema.space.create('votes', {is_sync = true})
votes:create_index('primary')
local notes = box.schema.space.create('notes')
notes:create_index('primary')
local waiting = true
fiber.create(function()
    local fine, answer = pcall(votes.insert, votes, {1, 'A'})
    waiting = false
    print('synchronous write: ' .. (fine and 'done' or tostring(answer)))
end)
fiber.sleep(0.2)
print('read while it waits: ' .. (votes:get(1) and 'A' or 'nothing') .. ', waits: ' .. tostring(waiting))
local fine, answer = pcall(notes.insert, notes, {1, 'B'})
print('other write: ' .. (fine and 'done' or tostring(answer)))
fiber.sleep(0.2)
print('read afterwards: ' .. (votes:get(1) and 'A' or 'nothing') .. ' and ' .. (notes:get(1) and 'B' or 'nothing'))
fine = pcall(notes.insert, notes, {1, 'B'})
print('other write, again: ' .. (fine and 'done' or 'refused'))
os.exit(0)
LUA
found=$(LD_LIBRARY_PATH=$(echo usr/lib/*-linux-gnu) timeout 60 usr/bin/tarantool try.lua 2>errors.txt) || { cat errors.txt >&2; exit 1; }
expected='read while it waits: A, waits: true
other write: A rollback for a synchronous transaction is received
synchronous write: Quorum collection for a synchronous transaction is timed out
read afterwards: nothing and nothing
other write, again: done'
echo "$found"
[ "$(sort <<<"$found")" = "$(sort <<<"$expected")" ]
