// Caches a result that depends on a set of known statements only through questions about it. The answers form
// a tree, and a set with the same answers gets the same result without a new computation. In a run of PBFT
// ten thousand sets have two hundred different results.
//
// Soundness: whoever computes a result is deterministic and sees nothing of the set but the answers. So the
// first question is the same for all sets, and the next one depends on the answers so far only: that is the
// tree.

/** Something that can be asked about any set. */
export interface Question {
  /** Questions with the same key are the same. */
  readonly key: string;
  /** Equal answers mean that nobody who has asked can tell the sets apart. */
  answer(set: number): number;
}

/** What is asked next, after each answer so far; or the result, if nothing is. */
type Node<Result> =
  | { readonly question: Question; readonly next: Map<number, Node<Result>> }
  | { readonly result: Result };

/** Results by the answers to the questions that they depend on. */
export class DecisionTree<Result> {
  /** How many results there are. */
  size = 0;
  #root: Node<Result> | null = null;

  /** The result for a set, or null if there is none for its answers yet. */
  find(set: number): Result | null {
    let node = this.#root;
    while (node && "question" in node) node = node.next.get(node.question.answer(set)) ?? null;
    return node ? node.result : null;
  }

  /**
   * Keeps what has come out for a set after these questions, in the order in which they were asked. False
   * if that cannot be: after the same answers something else was asked before, or nothing more.
   */
  keep(set: number, questions: readonly Question[], result: Result): boolean {
    let at: Map<number, Node<Result>> | null = null;
    let node = this.#root;
    let asked = 0;
    for (; node; asked++) {
      if (!("question" in node) || node.question.key !== questions[asked]?.key) return false;
      at = node.next;
      node = at.get(node.question.answer(set)) ?? null;
    }
    const branch = questions
      .slice(asked)
      .reduceRight<Node<Result>>(
        (rest, question) => ({ question, next: new Map([[question.answer(set), rest]]) }),
        { result },
      );
    if (at) at.set(questions[asked - 1]!.answer(set), branch);
    else this.#root = branch;
    this.size++;
    return true;
  }
}
