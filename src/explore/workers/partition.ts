// What one worker does: it keeps the states that it owns, expands them level by level, and sends every successor that
// somebody else owns to its owner. A level ends when each has heard from all others that nothing more will come.
//
// It says only that something is violated, not how: the search then goes on with one thread from where the workers took over,
// so the counterexample and all counts are those of one thread, whatever the number of workers.

import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Setting } from "../../model/setting.js";
import { Successors } from "../../model/successors.js";
import { TransitionSystem } from "../../model/system.js";
import { IntList } from "../../model/tables.js";
import { VisibleSteps } from "../visible-steps.js";
import { hashAt, VisitedSet } from "../visited.js";
import { Contents, ownerOf } from "./contents.js";
import { Incoming, Outgoing } from "./numbers.js";
import { type Assignment, Board, type Note, type Records, type Summary, type WorkerCounts } from "./wire.js";

/** States sent at a time. */
const batchStates = 4096;
/** How many states are remembered as sent: a power of two. */
const rememberedStates = 1 << 18;
/** How many states are expanded before incoming ones are looked at. */
const betweenLooks = 256;

/** One other worker. */
interface Colleague {
  readonly index: number;
  readonly port: MessagePort;
  readonly outgoing: Outgoing;
  readonly incoming: Incoming;
  vectors: Int32Array;
  length: number;
  hasEnded: boolean;
}

/** See the file comment. */
export class Partition {
  readonly #system: TransitionSystem;
  readonly #visible: VisibleSteps | null;
  readonly #visited: VisitedSet;
  readonly #contents: Contents;
  readonly #board: Board;
  readonly #assignment: Assignment;
  /** Per node: whether it is among those that decide about ownership. */
  readonly #decides: readonly boolean[];
  readonly #sentLately: Int32Array;
  /** Scratch: hashes and owners of the successors at hand. */
  readonly #hashes = new IntList();
  readonly #owners = new IntList();
  readonly #colleagues: readonly Colleague[];
  readonly #byIndex: (Colleague | null)[] = [];
  readonly #successors = new Successors();
  readonly #vector: Int32Array;
  readonly #received: Int32Array;
  readonly #parentVector: Int32Array;
  readonly #statesByObservation: number[] = [];
  #expanded = 0;
  #transitions = 0;
  #decisions = 0;
  #isViolated = false;
  #atLevelStart: WorkerCounts;

  constructor(setting: Setting, assignment: Assignment) {
    this.#assignment = assignment;
    this.#system = new TransitionSystem(setting);
    this.#visible =
      assignment.reduction === "none"
        ? null
        : new VisibleSteps(this.#system, assignment.reduction === "dominance");
    const { width } = this.#system;
    this.#visited = new VisitedSet(width);
    this.#contents = new Contents(this.#system);
    this.#board = new Board(assignment.workers, assignment.board);
    this.#decides = this.#system.nodes.map((_, node) => assignment.deciding.includes(node));
    this.#sentLately = new Int32Array(rememberedStates * width);
    this.#vector = new Int32Array(width);
    this.#received = new Int32Array(width);
    this.#parentVector = new Int32Array(width);
    this.#byIndex = assignment.ports.map((port, index) =>
      port === null
        ? null
        : {
            index,
            port: port as MessagePort,
            outgoing: new Outgoing(this.#system),
            incoming: new Incoming(this.#system),
            vectors: new Int32Array(batchStates * width),
            length: 0,
            hasEnded: false,
          },
    );
    this.#colleagues = this.#byIndex.filter((colleague) => colleague !== null);
    this.#takeOver(assignment);
    this.#atLevelStart = this.#counts();
  }

  #takeOver({ known, expanded }: Assignment): void {
    const incoming = new Incoming(this.#system);
    incoming.learn(known.definitions);
    for (let at = 0; at < known.vectors.length; at += this.#system.width) {
      incoming.translate(known.vectors, at, this.#received);
      this.#add(this.#received, this.#visited.hash(this.#received), -1);
    }
    this.#expanded = expanded;
  }

  /** Expands the states of the present level, and takes in those of the next one; unless everybody is told to stop. */
  level(): { readonly isViolated: boolean; readonly isWhole: boolean } {
    const levelEnd = this.#visited.count;
    this.#atLevelStart = this.#counts();
    while (this.#expanded < levelEnd) {
      this.#expand(this.#expanded++);
      if (this.#expanded % betweenLooks !== 0) continue;
      if (this.#board.isStopped) return { isViolated: this.#isViolated, isWhole: false };
      this.#tell();
      for (const colleague of this.#colleagues) this.#receive(colleague);
    }
    for (const colleague of this.#colleagues) {
      this.#flush(colleague);
      this.#send(colleague, { kind: "end" });
    }
    while (!this.#board.isStopped && this.#colleagues.some(({ hasEnded }) => !hasEnded)) {
      const seen = this.#board.notes(this.#assignment.index);
      let isAny = false;
      for (const colleague of this.#colleagues) isAny = this.#receive(colleague) || isAny;
      if (!isAny && this.#colleagues.some(({ hasEnded }) => !hasEnded))
        this.#board.wait(this.#assignment.index, seen);
    }
    const isWhole = this.#colleagues.every(({ hasEnded }) => hasEnded);
    for (const colleague of this.#colleagues) colleague.hasEnded = false;
    this.#tell();
    return { isViolated: this.#isViolated, isWhole };
  }

  summary(): Summary {
    const { observations, reactions, nodes, stepCalls } = this.#system;
    return {
      observations: this.#statesByObservation.flatMap((states, id) =>
        states ? [[observations.monitorStates(id), states] as const] : [],
      ),
      causes: reactions.describeCauses(),
      stepCalls,
      bytes: this.#visited.bytes,
      highestView: Math.max(0, ...nodes.map(({ viewOf }) => viewOf.reduce((a, b) => Math.max(a, b), 0))),
    };
  }

  /** All states as they are, or as they were when the last level began: what somebody has broken off is no level. */
  records(isBeforeLevel: boolean): Records {
    const counts = isBeforeLevel ? this.#atLevelStart : this.#counts();
    const { width } = this.#system;
    const vectors = new Int32Array(counts.states * width);
    for (let state = 0; state < counts.states; state++)
      vectors.set(this.#visited.read(state, this.#vector), state * width);
    return { known: { definitions: new Outgoing(this.#system).definitions(), vectors }, counts };
  }

  #counts(): WorkerCounts {
    return {
      states: this.#visited.count,
      expanded: this.#expanded,
      transitions: this.#transitions,
      decisions: this.#decisions,
    };
  }

  #tell(): void {
    this.#board.tell(this.#assignment.index, this.#counts());
  }

  #expand(state: number): void {
    const system = this.#system;
    const vector = this.#visited.read(state, this.#vector);
    const out = this.#successors;
    const parent = this.#visited.parent(state);
    if (this.#visible && parent >= 0)
      system.checkGrowth(this.#visited.read(parent, this.#parentVector), 0, vector, 0);
    (this.#visible ?? system).successors(vector, 0, out);
    this.#transitions += out.transitions;
    this.#decisions += out.decisions;
    if (out.isWhole) this.#handOutWhole(state, vector, out);
    else this.#handOut(state, vector, out);
  }

  /** Gives each successor to its owner. */
  #handOut(state: number, vector: Int32Array, out: Successors): void {
    const { workers, index: self } = this.#assignment;
    const contents = this.#contents;
    const visited = this.#visited;
    const hash = this.#visited.hash(vector);
    const sum = contents.sum(vector, this.#assignment.deciding);
    const last = vector.length - 1;
    const observation = vector[last] as number;
    const [hashes, owners] = [this.#hashes, this.#owners];
    hashes.length = 0;
    owners.length = 0;
    let [lastNode, hashWithout, sumWithout] = [-1, 0, 0]; // successors come node by node
    let decides = false;
    for (let index = 0; index < out.length; index++) {
      const node = out.node(index);
      if (node !== lastNode) {
        lastNode = node;
        const before = vector[node] as number;
        hashWithout = (hash - hashAt(node, before)) | 0;
        decides = this.#decides[node] as boolean;
        if (decides) sumWithout = (sum - contents.hash(node, before)) | 0;
      }
      const component = out.component(index);
      const after = out.observation(index);
      let next = (hashWithout + hashAt(node, component)) | 0;
      if (after !== observation) next = (next - hashAt(last, observation) + hashAt(last, after)) | 0;
      const owner = decides ? ownerOf((sumWithout + contents.hash(node, component)) | 0, workers) : self;
      hashes.push(next);
      owners.push(owner);
      if (owner === self) visited.touch(next);
    }
    for (let index = 0; index < out.length; index++)
      if (owners.items[index] === self) visited.touchRecord(hashes.items[index] as number);
    for (let index = 0; index < out.length; index++) {
      const node = out.node(index);
      const before = vector[node] as number;
      const after = out.observation(index);
      vector[node] = out.component(index);
      vector[last] = after;
      this.#give(owners.items[index] as number, vector, hashes.items[index] as number, state);
      vector[node] = before;
      vector[last] = observation;
    }
  }

  /** The same for successors that may differ from their parent in any place. */
  #handOutWhole(state: number, vector: Int32Array, out: Successors): void {
    const { deciding, workers } = this.#assignment;
    for (let index = 0; index < out.length; index++) {
      out.writeTo(index, vector);
      this.#give(this.#contents.owner(vector, deciding, workers), vector, this.#visited.hash(vector), state);
    }
  }

  #give(owner: number, vector: Int32Array, hash: number, parent: number): void {
    if (owner === this.#assignment.index) this.#add(vector, hash, parent);
    else if (!this.#wasSentLately(vector, hash))
      this.#post(this.#byIndex[owner] as Colleague, vector, parent);
  }

  /** Remembers what was sent, as far as there is room: most states are reached several times. */
  #wasSentLately(vector: Int32Array, hash: number): boolean {
    const at = ((hash ^ (hash >>> 15)) & (rememberedStates - 1)) * vector.length;
    const sent = this.#sentLately;
    let isSame = true;
    for (let index = 0; index < vector.length; index++) {
      const value = (vector[index] as number) + 1; // 0 stands for nothing yet
      if (sent[at + index] === value) continue;
      isSame = false;
      sent[at + index] = value;
    }
    return isSame;
  }

  #add(vector: Int32Array, hash: number, parent: number): void {
    if (this.#visited.add(vector, hash, parent) >= 0) this.#discovered(vector[vector.length - 1] as number);
  }

  #discovered(observation: number): void {
    this.#statesByObservation[observation] = (this.#statesByObservation[observation] ?? 0) + 1;
    if (this.#system.observations.violated(observation) < 0) return;
    this.#isViolated = true;
    this.#board.stop();
  }

  #post(colleague: Colleague, vector: Int32Array, parent: number): void {
    if (this.#visible) this.#system.checkGrowth(this.#visited.read(parent, this.#parentVector), 0, vector, 0);
    colleague.vectors.set(vector, colleague.length);
    colleague.length += vector.length;
    if (colleague.length === colleague.vectors.length) this.#flush(colleague);
  }

  #flush(colleague: Colleague): void {
    if (colleague.length === 0) return;
    const vectors = colleague.vectors.slice(0, colleague.length);
    colleague.length = 0;
    const definitions = colleague.outgoing.definitions();
    this.#send(colleague, { kind: "batch", batch: { definitions, vectors } }, [vectors.buffer]);
  }

  #send({ port, index }: Colleague, note: Note, transfer: ArrayBuffer[] = []): void {
    port.postMessage(note, transfer);
    this.#board.ring(index);
  }

  /** Adds the states that a colleague has sent so far. Returns whether there was any message. */
  #receive(colleague: Colleague): boolean {
    let isAny = false;
    while (!colleague.hasEnded) {
      const received = receiveMessageOnPort(colleague.port) as { readonly message: Note } | undefined;
      if (!received) return isAny;
      isAny = true;
      if (received.message.kind === "end") {
        colleague.hasEnded = true;
        continue;
      }
      const { definitions, vectors } = received.message.batch;
      colleague.incoming.learn(definitions);
      for (let at = 0; at < vectors.length; at += this.#system.width) {
        colleague.incoming.translate(vectors, at, this.#received);
        this.#add(this.#received, this.#visited.hash(this.#received), -1);
      }
    }
    return isAny;
  }
}
