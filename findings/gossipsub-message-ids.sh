#!/usr/bin/env bash
# The id under which @libp2p/gossipsub 17.1.1, @chainsafe/libp2p-gossipsub 14.1.2 and @libp2p/floodsub 11.0.28 know a signed message when nothing is
# configured, beside the fields `from` and `seqno` of that message.
#
# Guess: the id is `from` followed by `seqno`, as libp2p's specification of pubsub has it and as the default of the implementation in Go (DefaultMsgIdFn) is.
# Behaviour: `from` is a peer id; the three put the author's public key in its place. For an Ed25519 key the id lacks the two bytes that make the key a peer id (44
#   bytes instead of 46), for an RSA key it is the whole key, 307 bytes instead of 42.
# Consequence: gossip (IHAVE, IWANT, IDONTWANT) names messages by id. Where peers of both kinds meet without a common function for ids, a message that one has is, to the
#   other, one it has never seen: it asks for it again, and IDONTWANT spares nobody anything. Give both the same function, over the content for instance.
set -euo pipefail
for tool in node npm; do command -v $tool >/dev/null || { echo "$tool is missing: install Node.js 20 with npm." >&2; exit 2; }; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @libp2p/gossipsub@17.1.1 @chainsafe/libp2p-gossipsub@14.1.2 @libp2p/floodsub@11.0.28 \
  @libp2p/crypto@5.1.23 @libp2p/peer-id@6.0.15 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { generateKeyPair, generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
const inside = (name, file) => import(`./node_modules/${name}/dist/src/${file}.js`);
const gossipsub = await inside("@libp2p/gossipsub", "utils/msgIdFn");
const chainsafe = await inside("@chainsafe/libp2p-gossipsub", "utils/msgIdFn");
const floodsub = await inside("@libp2p/floodsub", "utils");
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const keys = {
  Ed25519: await generateKeyPairFromSeed("Ed25519", new Uint8Array(32).fill(7)),
  RSA: await generateKeyPair("RSA", 2048),
};
for (const [kind, key] of Object.entries(keys)) {
  const message = { type: "signed", topic: "votes", data: new Uint8Array(), from: peerIdFromPrivateKey(key), sequenceNumber: 5n, key: key.publicKey };
  const seqno = "0000000000000005";
  const from = hex(message.from.toMultihash().bytes);
  const ids = {
    "@libp2p/gossipsub": gossipsub.msgIdFnStrictSign(message),
    "@chainsafe/libp2p-gossipsub": chainsafe.msgIdFnStrictSign(message),
    "@libp2p/floodsub": floodsub.msgId(key.publicKey, message.sequenceNumber),
  };
  console.log(`${kind}: from and seqno are ${(from + seqno).length / 2} bytes`);
  for (const [name, id] of Object.entries(ids)) {
    const text = hex(id);
    const what = text === from + seqno ? "from and seqno" : from + seqno === `0024${text}` ? "the same without 0024" : text.endsWith(seqno) ? "another thing, and seqno" : "?";
    console.log(`  ${name}: ${id.length} bytes, ${what}`);
  }
}
JS
found=$(node try.mjs)
expected='Ed25519: from and seqno are 46 bytes
  @libp2p/gossipsub: 44 bytes, the same without 0024
  @chainsafe/libp2p-gossipsub: 44 bytes, the same without 0024
  @libp2p/floodsub: 44 bytes, the same without 0024
RSA: from and seqno are 42 bytes
  @libp2p/gossipsub: 307 bytes, another thing, and seqno
  @chainsafe/libp2p-gossipsub: 307 bytes, another thing, and seqno
  @libp2p/floodsub: 307 bytes, another thing, and seqno'
echo "$found"
[ "$found" = "$expected" ]
