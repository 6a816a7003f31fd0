#!/usr/bin/env bash
# antietcd 1.3.1, a small stand-in for etcd's HTTP interface, beside etcd 3.4.23 (Debian's etcd-server 3.4.23-4+b4): the same requests, of the kinds that its README
# lists.
#
# Guess: for those the answers are the same. Keys and values are base64, as its README says; each put is a new revision; a key that is written twice in one
#   transaction is refused; a comparison without `result` is one for equality, whether that is said or not.
# Behaviour: a put of the value that is there is no new revision, so who compares `mod_revision` does not see that somebody has written. A value in a comparison is
#   taken as it stands, though the value in a put was decoded: compare-and-set by value with base64 never succeeds, and with plain text it does. Two puts of one key
#   in a transaction are taken, and the last one counts. Equality is refused if it is named (`result: "EQUAL"`: 501), as some clients do.
# Consequence: a lock or a counter by compare-and-set that was tested against one does not run against the other; test against the server that will be there.
set -euo pipefail
for tool in apt-get dpkg node npm; do command -v $tool >/dev/null || { echo "$tool is missing: this runs on Debian 12 with Node.js 20 and npm." >&2; exit 2; }; done
place=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill $server; wait $server || true; fi; rm -rf "$place"' EXIT
cd "$place"
apt-get download etcd-server=3.4.23-4+b4 >/dev/null 2>&1 || { echo "etcd-server 3.4.23-4+b4 cannot be fetched: run apt-get update." >&2; exit 2; }
dpkg -x etcd-server_*.deb .
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts antietcd@1.3.1 >/dev/null ||
  { echo "The pinned package cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
read -r clients peers anti < <(node -e '
const net = require("node:net");
const servers = [0, 1, 2].map(() => net.createServer().listen(0, "127.0.0.1"));
setTimeout(() => { console.log(...servers.map((one) => one.address().port)); for (const one of servers) one.close(); }, 100);')
usr/bin/etcd --data-dir data --listen-client-urls "http://127.0.0.1:$clients" --advertise-client-urls "http://127.0.0.1:$clients" \
  --listen-peer-urls "http://127.0.0.1:$peers" --initial-advertise-peer-urls "http://127.0.0.1:$peers" --initial-cluster "default=http://127.0.0.1:$peers" >etcd.log 2>&1 &
server=$!
cat >try.mjs <<'JS'
import AntiEtcd from "antietcd";
import { setTimeout as sleep } from "node:timers/promises";
const [clients, port] = process.argv.slice(2);
const anti = new AntiEtcd({ port: Number(port), ip: "127.0.0.1" });
await anti.start();
for (let tries = 0; ; tries++) {
  const up = await fetch(`http://127.0.0.1:${clients}/health`).then((answer) => answer.ok, () => false);
  if (up) break;
  if (tries === 100) throw new Error("etcd has not started");
  await sleep(100);
}
const base64 = (text) => Buffer.from(text).toString("base64");
const put = (value) => ({ key: base64("leader"), value: base64(value) });
const compare = (rest) => ({ compare: [{ key: base64("leader"), target: "VALUE", ...rest }] });
for (const [name, at] of [["etcd", clients], ["antietcd", port]]) {
  const ask = async (path, body) => {
    const answer = await fetch(`http://127.0.0.1:${at}/v3/kv/${path}`, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });
    return answer.ok ? answer.json() : { refused: answer.status };
  };
  const revision = async () => Number((await ask("range", { key: base64("leader") })).header.revision);
  await ask("put", put("r1"));
  const before = await revision();
  await ask("put", put("r1"));
  const told = (answer) => (answer.refused ? `refused with ${answer.refused}` : answer.succeeded === true);
  console.log(`${name}: the same value again is ${(await revision()) - before} new revision(s)`);
  console.log(`  value compared in base64: ${told(await ask("txn", compare({ value: base64("r1") })))}, as plain text: ${told(await ask("txn", compare({ value: "r1" })))}`);
  console.log(`  compared with EQUAL: ${told(await ask("txn", compare({ value: base64("r1"), result: "EQUAL" })))}`);
  console.log(`  two puts of one key: ${told(await ask("txn", { success: [{ request_put: put("r2") }, { request_put: put("r3") }] }))}`);
}
process.exit(0);
JS
found=$(node try.mjs "$clients" "$anti")
expected='etcd: the same value again is 1 new revision(s)
  value compared in base64: true, as plain text: refused with 400
  compared with EQUAL: true
  two puts of one key: refused with 400
antietcd: the same value again is 0 new revision(s)
  value compared in base64: false, as plain text: true
  compared with EQUAL: refused with 501
  two puts of one key: true'
echo "$found"
[ "$found" = "$expected" ]
