#!/usr/bin/env bash
# Maps of yjs 13.6.33, @automerge/automerge 3.5.0, loro-crdt 1.17.1 and json-joy 17.67.0: one replica sets a key that is there, another
# one deletes it at the same time, then each hears of the other.
#
# Guess: a deletion takes away what it has seen, so the new value, which it has not seen, survives in all four (as in an observed-remove map).
# Behaviour: so it is in yjs and automerge, whoever has the lower name. In loro and json-joy a deletion is a write like any other and of two
#   concurrent writes that of the higher peer (or session) wins: the same two operations keep the key or lose it, depending on who did which.
# Consequence: code that moves from one to another, or replicates a set of keys, has to say which it relies on.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts yjs@13.6.33 @automerge/automerge@3.5.0 loro-crdt@1.17.1 json-joy@17.67.0 tslib@2.8.1 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { createRequire } from "node:module";
import * as A from "@automerge/automerge";
import { LoroDoc } from "loro-crdt";
import * as Y from "yjs";
const { Model } = createRequire(import.meta.url)("json-joy/lib/json-crdt/index.js");
const of = {
  yjs(setter, deleter) {
    const [x, y] = [new Y.Doc(), new Y.Doc()];
    [x.clientID, y.clientID] = [setter, deleter];
    x.getMap("m").set("k", 0);
    Y.applyUpdate(y, Y.encodeStateAsUpdate(x));
    x.getMap("m").set("k", 1);
    y.getMap("m").delete("k");
    const [ofX, ofY] = [Y.encodeStateAsUpdate(x), Y.encodeStateAsUpdate(y)];
    Y.applyUpdate(x, ofY);
    Y.applyUpdate(y, ofX);
    return [x.getMap("m").toJSON(), y.getMap("m").toJSON()];
  },
  automerge(setter, deleter) {
    let x = A.from({ k: 0 }, `0${setter}`);
    let y = A.clone(x, { actor: `0${deleter}` });
    x = A.change(x, (doc) => void (doc.k = 1));
    y = A.change(y, (doc) => void delete doc.k);
    return [A.merge(A.clone(x), y), A.merge(A.clone(y), x)];
  },
  loro(setter, deleter) {
    const [x, y] = [new LoroDoc(), new LoroDoc()];
    x.setPeerId(`${setter}`);
    y.setPeerId(`${deleter}`);
    x.getMap("m").set("k", 0);
    x.commit();
    y.import(x.export({ mode: "snapshot" }));
    x.getMap("m").set("k", 1);
    x.commit();
    y.getMap("m").delete("k");
    y.commit();
    const [ofX, ofY] = [x.export({ mode: "update" }), y.export({ mode: "update" })];
    x.import(ofY);
    y.import(ofX);
    return [x.getMap("m").toJSON(), y.getMap("m").toJSON()];
  },
  "json-joy"(setter, deleter) {
    const x = Model.create(undefined, 100_000 * setter);
    x.api.root({ k: 0 });
    x.api.flush();
    const y = x.fork(100_000 * deleter);
    x.api.obj([]).set({ k: 1 });
    const ofX = x.api.flush();
    y.api.obj([]).del(["k"]);
    const ofY = y.api.flush();
    x.applyPatch(ofY);
    y.applyPatch(ofX);
    return [x.view(), y.view()];
  },
};
for (const [name, both] of Object.entries(of))
  console.log(`${name}: 1 sets, 2 deletes: ${JSON.stringify(both(1, 2))}; 2 sets, 1 deletes: ${JSON.stringify(both(2, 1))}`);
JS
found=$(node try.mjs)
expected='yjs: 1 sets, 2 deletes: [{"k":1},{"k":1}]; 2 sets, 1 deletes: [{"k":1},{"k":1}]
automerge: 1 sets, 2 deletes: [{"k":1},{"k":1}]; 2 sets, 1 deletes: [{"k":1},{"k":1}]
loro: 1 sets, 2 deletes: [{},{}]; 2 sets, 1 deletes: [{"k":1},{"k":1}]
json-joy: 1 sets, 2 deletes: [{},{}]; 2 sets, 1 deletes: [{"k":1},{"k":1}]'
echo "$found"
[ "$found" = "$expected" ]
