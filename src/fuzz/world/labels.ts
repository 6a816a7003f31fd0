// Labels of choices as small integers; 0 is no label.

/** Numbers for labels. */
export class Labels {
  readonly #labels: (string | undefined)[] = [undefined];
  readonly #ids = new Map<string | undefined, number>([[undefined, 0]]);

  id(label: string | undefined): number {
    const known = this.#ids.get(label);
    if (known !== undefined) return known;
    const id = this.#labels.push(label) - 1;
    this.#ids.set(label, id);
    return id;
  }

  label(id: number): string | undefined {
    return this.#labels[id];
  }
}
