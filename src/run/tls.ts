// What both ends of a connection ask of TLS: version 1.3, the node's own certificate, and of the other's that it is one which the cluster still
// accepts. A connection ends with the time of the certificate that was shown on it.

import type { TLSSocket } from "node:tls";
import type { KnownCertificate, NodeSettings } from "./cluster.js";

/** The options that clients and servers share. */
export function tlsOptions({ member, tlsKey }: NodeSettings) {
  return { minVersion: "TLSv1.3", cert: member.certificate, key: tlsKey } as const;
}

/** Whose the certificate is that the other end has shown; null if the cluster does not accept it, or no longer. */
export function shownBy(socket: TLSSocket, { cluster }: NodeSettings): KnownCertificate | null {
  const known = cluster.byFingerprint.get(socket.getPeerX509Certificate()?.fingerprint256 ?? "");
  return known === undefined || hasEnded(known) ? null : known;
}

/** Whether a certificate is accepted no longer. */
export function hasEnded({ untilMs }: KnownCertificate): boolean {
  return untilMs <= Date.now();
}

/** Timers take no more than 24 days. */
const lookMs = 60 * 60 * 1000;

/** Calls `end` when the certificate that was shown on a connection is accepted no longer. */
export function whenEnded(known: KnownCertificate, socket: TLSSocket, end: () => void): void {
  if (known.untilMs === Number.POSITIVE_INFINITY) return;
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    if (hasEnded(known)) end();
    else timer = setTimeout(look, Math.min(lookMs, known.untilMs - Date.now()));
  };
  socket.once("close", () => clearTimeout(timer));
  look();
}
