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
    return #isInterned in object;
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
