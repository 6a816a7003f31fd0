#!/usr/bin/env bash
# @stellar/stellar-base 15.0.0: an object with several fields as a map of a contract's arguments (`nativeToScVal`, `xdr.scvSortedMap`), on machines with other
# languages.
#
# Guess: both sort keys by their bytes, for the contracts' host takes maps in that order only; the bytes of a transaction are the same on every machine.
# Behaviour: both sort with localeCompare. Capitals come among the small letters (a, b, B), and not before them. And the order is that of the machine's
#   language: with LC_ALL=et_EE.UTF-8 (Estonian) z comes before u, with da_DK.UTF-8 (Danish) B before b. Same object, same key, other bytes to sign.
# Consequence for signers that must agree (multisig, replicas that build the same transaction): order the entries by bytes with code of one's own.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @stellar/stellar-base@15.0.0 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.cjs <<'JS'
const { nativeToScVal, xdr } = require("@stellar/stellar-base");
const { createHash } = require("node:crypto");
const names = ["b", "B", "a", "_x", "Z", "z", "u"];
const keys = (map) => map.map().map((entry) => String(entry.key().value())).join(" ");
const entry = (name) => new xdr.ScMapEntry({ key: xdr.ScVal.scvSymbol(name), val: xdr.ScVal.scvVoid() });
const native = nativeToScVal(Object.fromEntries(names.map((name) => [name, 1])));
console.log(`${keys(native)}; sorted map ${keys(xdr.scvSortedMap(names.map(entry)))}; digest ${createHash("sha256").update(native.toXDR()).digest("hex").slice(0, 8)}`);
JS
found="by bytes: $(node -p '["b", "B", "a", "_x", "Z", "z", "u"].sort().join(" ")')
$(for language in en_US et_EE da_DK; do echo "$language: $(LC_ALL=$language.UTF-8 node try.cjs)"; done)"
expected='by bytes: B Z _x a b u z
en_US: _x a b B u z Z; sorted map _x a b B u z Z; digest 33b9fda8
et_EE: _x a b B z Z u; sorted map _x a b B z Z u; digest b547b62e
da_DK: _x a B b u Z z; sorted map _x a B b u Z z; digest 021f01f0'
echo "$found"
[ "$found" = "$expected" ]
