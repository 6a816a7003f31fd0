#!/usr/bin/env bash
# node:tls (Node 20.20.2, OpenSSL 3) with two self-signed certificates of @peculiar/x509 2.2.0 that are trusted side by side (`ca`), as while a key is
# rotated and the old certificate is to be accepted still.
#
# Guess: whoever shows one of the certificates in `ca` is trusted.
# Behaviour: if both have the same subject name (CN=r1, as two certificates of one node have), only the one that stands first in `ca` is; the other
#   is refused with DEPTH_ZERO_SELF_SIGNED_CERT, although it is in the list byte for byte. With different names both are trusted. OpenSSL looks
#   issuers up by name, and certificates without key identifiers give it nothing else to tell them apart.
# Consequence for pinned self-signed certificates: each needs a name of its own (a serial number in it will do).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts @peculiar/x509@2.2.0 reflect-metadata@0.2.2 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import "reflect-metadata";
import { webcrypto, KeyObject } from "node:crypto";
import { createServer, connect } from "node:tls";
import { X509CertificateGenerator } from "@peculiar/x509";
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
async function made(name, serialNumber) {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const [notBefore, notAfter] = [-864e5, 864e5].map((ms) => new Date(Date.now() + ms));
  const request = { serialNumber, name, signingAlgorithm: algorithm, keys, notBefore, notAfter };
  const one = await X509CertificateGenerator.createSelfSigned(request, webcrypto);
  return { cert: one.toString("pem"), key: KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }) };
}
function tried(shown, ca) {
  return new Promise((resolve) => {
    const server = createServer(shown, (s) => s.end()).listen(0, () => {
      const socket = connect({ port: server.address().port, host: "127.0.0.1", ca, checkServerIdentity: () => undefined });
      socket.on("secureConnect", () => { resolve("trusted"); socket.destroy(); server.close(); });
      socket.on("error", (e) => { resolve(e.code); server.close(); });
    });
    server.on("tlsClientError", () => {});
  });
}
for (const [what, names] of [["one name", ["CN=r1", "CN=r1"]], ["a name each", ["CN=r1, OU=1", "CN=r1, OU=2"]]]) {
  const [a, b] = [await made(names[0], "11"), await made(names[1], "12")];
  const ab = [a.cert, b.cert], ba = [b.cert, a.cert];
  console.log(what, await tried(a, ab), await tried(b, ab), await tried(a, ba), await tried(b, ba));
}
JS
found=$(node try.mjs)
expected='one name trusted DEPTH_ZERO_SELF_SIGNED_CERT DEPTH_ZERO_SELF_SIGNED_CERT trusted
a name each trusted trusted trusted trusted'
echo "$found"
[ "$found" = "$expected" ]
