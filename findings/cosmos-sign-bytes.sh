#!/usr/bin/env bash
# @tendermint/sig 0.6.0 and @cosmjs/amino 0.39.0: the bytes that are signed for one transaction of Cosmos (amino JSON), with the same key.
#
# Guess: both sort the keys of the document and sign its JSON, so each verifies what the other has signed.
# Behaviour: so it is until a text contains <, > or &, as a memo may. The chain is written in Go, whose JSON escapes these (\u003c); cosmjs does
#   so, too, sig does not. The same document has two signatures, and sig calls the one that the chain accepts invalid.
# Consequence: "canonical JSON" is what the verifier's language writes.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @tendermint/sig@0.6.0 @cosmjs/amino@0.39.0 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { Secp256k1HdWallet } from "@cosmjs/amino";
import sig from "@tendermint/sig";
const words = "test test test test test test test test test test test junk";
const wallet = sig.createWalletFromMnemonic(words);
const other = await Secp256k1HdWallet.fromMnemonic(words);
const [{ address }] = await other.getAccounts();
console.log("the same account:", wallet.address === address);
for (const memo of ["plain", "a < b"]) {
  const doc = { chain_id: "c", account_number: "1", sequence: "2", fee: { amount: [], gas: "1" }, msgs: [], memo };
  const { signature } = await other.signAmino(address, doc);
  const isSame = signature.signature === sig.createSignature(doc, wallet).signature;
  console.log(`memo ${memo}: the same signature: ${isSame}; sig verifies cosmjs's: ${sig.verifySignature(doc, signature)}`);
}
JS
found=$(node try.mjs)
expected='the same account: true
memo plain: the same signature: true; sig verifies cosmjs'"'"'s: true
memo a < b: the same signature: false; sig verifies cosmjs'"'"'s: false'
echo "$found"
[ "$found" = "$expected" ]
