// Who can receive what in the naive search: what was sent, what a puppet may say in its place, what is relayed, and
// what the adversary can make up of what it knows.

import type { Json, Knowledge, NodeId, Signed } from "../../../src/protocol/index.js";
import { Inboxes } from "./inboxes.js";
import { canCollect, isCertificate, isCollection, isSigned, macText } from "./terms.js";
import { canonicalText, type Packet, parsed, type State } from "./texts.js";

/** A run with all that is sent and said in it. */
export class Packets extends Inboxes {
  sentBy(state: State, from: number): (Packet & { readonly to: readonly NodeId[] })[] {
    return Object.entries(this.nodeOf(state, from).outbox).map(([text, to]) => {
      const message = parsed(text);
      return { from: isSigned(message) ? message.signer : this.ids[from]!, message, to };
    });
  }

  delivered(state: State, to: number): (Packet & { readonly isOwed: boolean })[] {
    return this.specs.flatMap((_, from) => {
      const packets = new Map<string, Packet>();
      for (const sent of this.sentBy(state, from)) {
        if (!sent.to.includes(this.ids[to]!)) continue;
        for (const message of [
          sent.message,
          ...(this.isPuppet(from) ? this.distorted(this.ids[from]!, sent.message) : []),
        ])
          packets.set(canonicalText(message), {
            from: message === sent.message ? sent.from : isSigned(message) ? message.signer : this.ids[from]!,
            message,
          });
      }
      return [...packets.values()].map((packet) => ({ ...packet, isOwed: this.isBound(from) }));
    });
  }

  /** What a puppet may say in place of a message: no more of what others have signed, or of proofs, than was there. */
  distorted(self: NodeId, message: Json): readonly Json[] {
    const foreign = (value: Json): string[] => {
      if (typeof value !== "object" || value === null) return [];
      const isOthers = isSigned(value) && !this.byzantine.includes(value.signer);
      if (isOthers || isCertificate(value) || isCollection(value)) return [canonicalText(value)];
      return Object.values(value).flatMap(foreign);
    };
    const shown = foreign(message);
    const variants =
      this.stepFaults?.says?.(message, {
        self,
        byzantine: this.byzantine,
        config: this.config,
        protocol: this.protocol,
      }) ?? [];
    return variants.filter((variant) => foreign(variant).every((term) => shown.includes(term)));
  }

  relayed(state: State, to: number): Packet[] {
    if (!this.adversary?.forwards) return [];
    return this.specs.flatMap((_, from) =>
      from === to
        ? []
        : this.sentBy(state, from).filter(
            (sent) => isSigned(sent.message) && !sent.to.includes(this.ids[to]!),
          ),
    );
  }

  injected(to: number, knowledge: Knowledge): Packet[] {
    if (!this.adversary?.speaks) return [];
    const packets = new Map<string, Packet>();
    for (const self of this.byzantine) {
      const place = {
        self,
        byzantine: this.byzantine,
        to: this.specs[to]!.role,
        config: this.config,
        views: this.bounds.views,
        beyond: this.isLive,
      };
      for (const message of this.adversary.moves(place, knowledge)) {
        const isForeign = isSigned(message) && !message.convinces && !this.byzantine.includes(message.signer);
        if (isForeign || !this.admits(knowledge, message)) continue;
        const packet = { from: isSigned(message) ? message.signer : self, message };
        packets.set(canonicalText(packet), packet);
      }
    }
    return [...packets.values()];
  }

  /** A signed statement must be the adversary's own or have been sent; then what stands in it has been sent too. */
  admits(knowledge: Knowledge, value: Json): boolean {
    if (typeof value !== "object" || value === null) return true;
    if (isSigned(value) && !this.byzantine.includes(value.signer)) {
      // An authenticator that convinces no correct node need not have been sent, so what stands in it need not either.
      const isAnybodys = value.convinces?.every((receiver) => this.byzantine.includes(receiver)) ?? false;
      return knowledge.canShow(value) && (!isAnybodys || this.admits(knowledge, value.body));
    }
    if (isCertificate(value) && !knowledge.canProve(value)) return false;
    if (isCollection(value))
      return canCollect(value.bodies, value.atLeast, [...new Set(value.among)], (signer, body) =>
        this.byzantine.includes(signer)
          ? this.admits(knowledge, body as Json)
          : knowledge.canShow({ tag: "signed", signer, body }),
      );
    return Object.values(value).every((item) => this.admits(knowledge, item));
  }

  /** Calls `visit` for every statement of a correct node in `value`. */
  statementsIn(value: Json, visit: (statement: Signed<Json>) => void): void {
    if (typeof value !== "object" || value === null) return;
    if (isSigned(value) && !this.byzantine.includes(value.signer)) visit(value);
    for (const item of Object.values(value)) this.statementsIn(item, visit);
  }

  /** What is sent to the adversary alone is remembered only if it can tell or pass on anything of it. */
  isOfInterest(message: Json): boolean {
    const { adversary } = this;
    if (!adversary?.speaks) return false;
    let isObserved = adversary.forwards && isSigned(message);
    this.statementsIn(message, (statement) => {
      isObserved ||= adversary.observes(statement);
    });
    return isObserved;
  }

  knowledgeIn(state: State): Knowledge {
    const statements = new Map<string, Signed<Json>>();
    const learn = (value: Json): void =>
      this.statementsIn(value, (statement) => statements.set(canonicalText(statement), statement));
    if (!this.config.clients) this.requests.forEach(learn);
    if (this.adversary?.speaks)
      this.specs.forEach((_, from) => {
        for (const sent of this.sentBy(state, from)) learn(sent.message);
      });
    const macs = new Set(
      [...statements.values()].flatMap(({ signer, body, convinces = [] }) =>
        convinces.map((receiver) => macText(signer, body, receiver)),
      ),
    );
    const canMake = ({ signer, body }: Signed<unknown>, receiver: string) =>
      this.byzantine.includes(receiver) || macs.has(macText(signer, body, receiver));
    const canShow = (statement: Signed<unknown>) =>
      this.byzantine.includes(statement.signer) ||
      (statement.convinces?.every((receiver) => canMake(statement, receiver)) ??
        statements.has(canonicalText(statement)));
    return {
      statements: (matching = () => true) => [...statements.values()].filter(matching),
      bodies: (matching = () => true) => {
        const bodies = new Map([...statements.values()].map(({ body }) => [JSON.stringify(body), body]));
        return [...bodies.values()].filter(matching);
      },
      canShow,
      canProve: (proof) =>
        proof.tag === "certificate"
          ? [...new Set(proof.among)].filter((signer) => canShow({ tag: "signed", signer, body: proof.vote }))
              .length >= proof.atLeast
          : canCollect(proof.bodies, proof.atLeast, [...new Set(proof.among)], (signer, body) =>
              canShow({ tag: "signed", signer, body }),
            ),
    };
  }
}
