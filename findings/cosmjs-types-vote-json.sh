#!/usr/bin/env bash
# cosmjs-types 0.11.0: `Vote.fromJSON` of CometBFT's message Vote, given fields by the names of the .proto file, as a node's RPC writes them
# (block_id, validator_index), and a time with nanoseconds, as every vote has.
#
# Guess: either form of a name is read, as the JSON mapping of proto3 asks of readers, or an unknown name is refused; the nanoseconds stay, for
#   the message of the library has a field for them, and the time is part of what is signed.
# Behaviour: names with underscores are dropped without a word: a vote for a block becomes a vote for nil, of validator 0. With the other form of the
#   names the rest is right, but the time passes through a Date: of 123456789 nanoseconds 123000000 are left, in `fromJSON` and in `toJSON`.
# Consequence: a vote that went through this JSON does not have the bytes that were signed, and its signature is not valid; keep protobuf bytes.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts cosmjs-types@0.11.0 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.cjs <<'JS'
const { Vote } = require("cosmjs-types/tendermint/types/types");
const time = { type: 2, height: "5", round: 0, timestamp: "2026-01-02T03:04:05.123456789Z" };
const digest = { hash: "qrs=" };
const forms = {
  "names of the .proto": { ...time, block_id: digest, validator_index: 3 },
  "names of JSON": { ...time, blockId: digest, validatorIndex: 3 },
};
for (const [name, json] of Object.entries(forms)) {
  const vote = Vote.fromJSON(json);
  const block = Buffer.from(vote.blockId.hash).toString("hex") || "nil";
  console.log(`${name}: block ${block}, validator ${vote.validatorIndex}, height ${vote.height}, nanoseconds ${vote.timestamp.nanos}`);
}
const exact = Vote.fromPartial({ timestamp: { seconds: 1n, nanos: 123456789 } });
const again = Vote.decode(Vote.encode(exact).finish());
console.log(`bytes keep ${again.timestamp.nanos} nanoseconds; toJSON writes ${Vote.toJSON(exact).timestamp}`);
JS
found=$(node try.cjs)
expected='names of the .proto: block nil, validator 0, height 5, nanoseconds 123000000
names of JSON: block aabb, validator 3, height 5, nanoseconds 123000000
bytes keep 123456789 nanoseconds; toJSON writes 1970-01-01T00:00:01.123Z'
echo "$found"
[ "$found" = "$expected" ]
