// Marks on objects that nobody else can see: a private field that is put on an object made elsewhere. A WeakSet
// of these objects would say the same; but with millions of them it takes a tenth of a search to fill it, and
// the garbage collector has to look through it.
//
// Hot file.

/** What is constructed is the object itself. Private fields of a class that extends this one are put on it. */
class Itself {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: that is what it is for.
    return object;
  }
}

class Maker extends Itself {
  readonly #maker: object;

  constructor(object: object, maker: object) {
    super(object);
    this.#maker = maker;
  }

  static isOf(object: object, maker: object): boolean {
    return #maker in object && object.#maker === maker;
  }
}

/** Notes who has made an object. An object has one maker. */
export function stampMaker(object: object, maker: object): void {
  new Maker(object, maker);
}

/** Whether an object was made by this one. */
export function isMadeBy(object: object, maker: object): boolean {
  return Maker.isOf(object, maker);
}

class Interned extends Itself {
  readonly #isInterned = true;

  static has(object: object): boolean {
    return #isInterned in object || Part.is(object);
  }
}

/** Notes that an object is interned, once. */
export function stampInterned(object: object): void {
  new Interned(object);
}

/** Whether {@link stampInterned} was called with it. */
export function hasInternedStamp(object: object): boolean {
  return Interned.has(object);
}

class Part extends Itself {
  readonly #maker: object;
  readonly #number: number;
  #text: string | null = null;

  constructor(object: object, maker: object, number: number) {
    super(object);
    this.#maker = maker;
    this.#number = number;
  }

  static isOf(object: object, maker: object): boolean {
    return #maker in object && object.#maker === maker;
  }

  static is(object: object): boolean {
    return #maker in object;
  }

  static numberOf(object: object): number {
    return (object as Part).#number;
  }

  static textOf(object: object): string {
    if (!(#maker in object)) return JSON.stringify(object);
    object.#text ??= JSON.stringify(object);
    return object.#text;
  }
}

/** Notes that an object is a part of interned values, with this number; see parts.ts. */
export function stampPart(object: object, maker: object, number: number): void {
  new Part(object, maker, number);
}

/** Whether {@link stampPart} was called with it and this maker. */
export function isPartOf(object: object, maker: object): boolean {
  return Part.isOf(object, maker);
}

/** The number of a part. @throws {TypeError} if it is none. */
export function numberOfPart(object: object): number {
  return Part.numberOf(object);
}

/** The JSON text of an object; that of a part is made once. */
export function textOfPart(object: object): string {
  return Part.textOf(object);
}
