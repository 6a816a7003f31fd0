// A Byzantine node on the wire: it has its own keys, and sends another node frames of its own making.

import { connect, type TLSSocket } from "node:tls";
import { canonicalizer } from "../../src/model/canonical.js";
import { type Json, type NodeId, sign } from "../../src/protocol/index.js";
import type { Member, NodeSettings } from "../../src/run/cluster.js";
import { sealed } from "../../src/run/envelope.js";
import { frameBytesMax, frameOf as frameOrNone } from "../../src/run/frames.js";
import { Signatures } from "../../src/run/signatures.js";
import { tlsOptions } from "../../src/run/tls.js";

/** None of these is too long. */
function frameOf(text: string): Buffer {
  return frameOrNone(text)!;
}

/** Kinds of frames, by how the receiver has to count them. */
export const attackKinds = {
  "not JSON": "malformed",
  "bytes at random": "malformed",
  "not a message": "malformed",
  "an impossible step": "malformed",
  "a forged signature": "bad-signature",
  "a signature of its own in another's name": "bad-signature",
  "no proofs": "bad-signature",
  "too many proofs": "bad-signature",
  "a certificate of one signer three times": "bad-signature",
  "another cluster's message": "bad-signature",
  "a signature among 100,000 spaces": "bad-signature",
  "a frame nested 100,000 deep": "malformed",
} as const;
export type AttackKind = keyof typeof attackKinds;

/** The settings of a node as another cluster would have them, in which its messages are sound. */
export function elsewhere(settings: NodeSettings): NodeSettings {
  const { cluster } = settings;
  return { ...settings, cluster: { ...cluster, file: { ...cluster.file, id: "another" } } };
}

/** A message of a node to all others, sound: the n-th. */
export function soundFrame(settings: NodeSettings, number: number): Buffer {
  const message = sign(settings.member.id, { tag: "prepare", view: 0, slot: 1, digest: `n${number}` });
  return sealedFrame(settings, message as unknown as Json);
}

function sealedFrame(settings: NodeSettings, message: Json): Buffer {
  const text = sealed(
    message,
    { step: 1 },
    canonicalizer(settings.cluster.protocol.message),
    signaturesOf(settings),
  );
  return frameOf(text!);
}

const known = new Map<NodeSettings, Signatures>();

function signaturesOf(settings: NodeSettings): Signatures {
  const { cluster, member, signingKey } = settings;
  const identity = { cluster: cluster.file.id, self: member.id, signingKey, publicKeys: cluster.publicKeys };
  const signatures = known.get(settings) ?? new Signatures(identity);
  known.set(settings, signatures);
  return signatures;
}

/** A frame of this kind, the n-th, that pretends to come from `victim`. */
export function attack(
  kind: AttackKind,
  own: NodeSettings,
  foreign: NodeSettings,
  victim: NodeId,
  number: number,
): Buffer {
  const { id } = own.member;
  const vote = { tag: "prepare", view: 0, slot: 1, digest: `n${number}` };
  const frame = (message: unknown, proofs: unknown, step: unknown = 1) =>
    frameOf(JSON.stringify({ step, message, proofs }));
  const signature = Buffer.alloc(64, number).toString("base64");
  switch (kind) {
    case "not JSON":
      return frameOf(`{"message": ${number}`);
    case "bytes at random":
      return frameOf(Buffer.from([number, 0xff, 0xfe, number >> 8]).toString("latin1"));
    case "not a message":
      return frame({ tag: "signed", signer: id, body: { ...vote, slot: "one" } }, [signature]);
    case "an impossible step":
      return frame(sign(id, vote), [signature], -number);
    case "a forged signature":
      return frame(sign(victim, vote), [signature]);
    case "a signature of its own in another's name":
      return frame(sign(victim, vote), [signaturesOf(own).sign(vote)]);
    case "no proofs":
      return frame(sign(id, vote), []);
    case "too many proofs":
      return frame(sign(id, vote), [signaturesOf(own).sign(vote), signature]);
    case "a certificate of one signer three times":
      return certified(own, vote, frame);
    case "a signature among 100,000 spaces":
      return frame(sign(id, vote), [`${signaturesOf(own).sign(vote)}${" ".repeat(100_000)}`]);
    case "a frame nested 100,000 deep":
      return frameOf("[".repeat(100_000 + number) + "]".repeat(100_000 + number));
    case "another cluster's message":
      return soundFrame(foreign, number);
  }
}

/** A state that claims a stable checkpoint, with one signature three times in place of those of three replicas. */
function certified(
  own: NodeSettings,
  { digest }: { readonly digest: string },
  frame: (message: unknown, proofs: unknown) => Buffer,
): Buffer {
  const { id } = own.member;
  const vote = { tag: "checkpoint", slot: 1, digest };
  const proof = { tag: "certificate", vote, atLeast: 3, among: ["r0", "r1", "r2", "r3"] };
  const body = { tag: "state", slot: 1, snapshot: { history: digest, executed: 1, replies: [] }, proof };
  const [outer, inner] = [signaturesOf(own).sign(body), signaturesOf(own).sign(vote)];
  return frame(sign(id, body), [outer, [0, 1, 2].map(() => [id, inner])]);
}

/** A frame that announces more than is allowed. */
export function oversizeFrame(): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(frameBytesMax + 1);
  return head;
}

/** Connects as a node to another one. */
export function connected(settings: NodeSettings, to: Member): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...tlsOptions(settings),
      ...{ host: to.host, port: to.port, ca: [to.certificate] },
      checkServerIdentity: () => undefined,
    });
    socket.once("secureConnect", () => resolve(socket));
    socket.once("error", reject);
    socket.on("error", () => {}); // the other may hang up
    socket.resume();
  });
}

/** Writes, and waits where the other does not read. */
export function written(socket: TLSSocket, bytes: Buffer): Promise<void> | void {
  if (socket.write(bytes)) return;
  return new Promise((resolve) => {
    const go = () => {
      socket.off("drain", go);
      socket.off("close", go);
      resolve();
    };
    socket.on("drain", go);
    socket.on("close", go);
  });
}
