#!/usr/bin/env bash
# protobufjs 8.8.1 and @bufbuild/protobuf 2.17.0: a message of a newer version, read and written again by a program that knows the older one only.
#
# Guess: fields that are not known are kept and written again, as the language guide says of proto3 since version 3.5.
# Behaviour: @bufbuild/protobuf keeps them. protobufjs drops them without a word, so the bytes, and their digest, differ from what was received.
# Consequence for signed messages that are forwarded: keep the bytes that came, and verify those.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts protobufjs@8.8.1 @bufbuild/protobuf@2.17.0 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import protobuf from "protobufjs";
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const { root } = protobuf.parse('syntax = "proto3"; message Old { string a = 1; } message New { string a = 1; uint32 b = 2; }');
const [Old, New] = [root.lookupType("Old"), root.lookupType("New")];
const sent = New.encode(New.create({ a: "x", b: 7 })).finish();
const field = (name, number, type) => ({ name, number, type, label: 1 });
const file = create(FileDescriptorProtoSchema, {
  ...{ name: "t.proto", syntax: "proto3" },
  messageType: [{ name: "Old", field: [field("a", 1, 9)] }],
});
const old = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] })).getMessage("Old");
console.log(`sent ${hex(sent)}; protobufjs ${hex(Old.encode(Old.decode(sent)).finish())}; bufbuild ${hex(toBinary(old, fromBinary(old, sent)))}`);
JS
found=$(node try.mjs)
expected='sent 0a01781007; protobufjs 0a0178; bufbuild 0a01781007'
echo "$found"
[ "$found" = "$expected" ]
