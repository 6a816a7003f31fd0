#!/usr/bin/env bash
# @chainsafe/ssz 1.9.0: one element of a list is changed through a view (`toViewDU`), as Ethereum's consensus clients keep their state; then the list is read
# in four ways before `commit`.
#
# Guess: a change that can be read back is part of the value, whichever way the value is read; a clone has it, and the view keeps it.
# Behaviour: `get` and `serialize` have the change, `toValue` has not. `clone` takes a copy without it and, on its way, takes it from the view that was
#   cloned: what `get` has given before is gone there, too, and `commit` has nothing to commit. With `commit` first, all four agree.
# Consequence for a replica that clones its state as a snapshot: commit first, or the snapshot undoes the last step.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @chainsafe/ssz@1.9.0 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { ContainerType, ListCompositeType, UintNumberType } from "@chainsafe/ssz";
const number = new UintNumberType(1);
const Votes = new ListCompositeType(new ContainerType({ view: number, slot: number }), 4);
const changed = () => {
  const view = Votes.toViewDU([{ view: 1, slot: 2 }]);
  view.get(0).view = 7;
  return view;
};
const told = (view) => `get ${view.get(0).view}`;
console.log(`changed: ${told(changed())}, serialize ${Buffer.from(changed().serialize()).toString("hex")}, toValue ${changed().toValue()[0].view}`);
const view = changed();
const clone = view.clone();
console.log(`cloned: the clone ${told(clone)}, the view ${told(view)}`);
view.commit();
console.log(`committed afterwards: the view ${told(view)}`);
const other = changed();
other.commit();
console.log(`committed before: toValue ${other.toValue()[0].view}, the clone ${told(other.clone())}, the view ${told(other)}`);
JS
found=$(node try.mjs)
expected='changed: get 7, serialize 0702, toValue 1
cloned: the clone get 1, the view get 1
committed afterwards: the view get 1
committed before: toValue 7, the clone get 7, the view get 7'
echo "$found"
[ "$found" = "$expected" ]
