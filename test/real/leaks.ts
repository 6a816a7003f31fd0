// Small replicas that count requests and tell the count, and hide the count in some way: each is the source of a class `Counter` with
// `up()` and `get()`. Some are seen, all others have to be detected.

/** By where the count is. */
export const leaks: { readonly [where: string]: string } = {
  "a captured variable":
    "function box() { let n = 0; return { up: () => { n++; }, get: () => n }; } class Counter { b = box(); up() { this.b.up(); } get() { return this.b.get(); } }",
  "a captured object":
    "class Counter { constructor() { const s = { n: 0 }; this.up = () => { s.n++; }; this.get = () => s.n; } }",
  "a captured Map":
    "class Counter { constructor() { const m = new Map(); this.up = () => { m.set(m.size, 1); }; this.get = () => m.size; } }",
  "a captured array":
    "class Counter { constructor() { const a = []; this.up = () => { a.push(1); }; this.get = () => a.length; } }",
  "a closure in a closure":
    "class Counter { constructor() { let n = 0; const step = () => () => { n++; }; this.up = () => step()(); this.get = () => (() => n)(); } }",
  "an argument of a bound function":
    "function inc(s) { s.n++; } function read(s) { return s.n; } class Counter { constructor() { const s = { n: 0 }; this.up = inc.bind(null, s); this.get = read.bind(null, s); } }",
  "a variable of the module": "let n = 0; class Counter { up() { n++; } get() { return n; } }",
  "a Map of the module":
    "const m = new Map(); class Counter { up() { m.set(m.size, 1); } get() { return m.size; } }",
  "an object of the module": "const s = { n: 0 }; class Counter { up() { s.n++; } get() { return s.n; } }",
  "a static field": "class Counter { static n = 0; up() { Counter.n++; } get() { return Counter.n; } }",
  "a private static field":
    "class Counter { static #n = 0; up() { Counter.#n++; } get() { return Counter.#n; } }",
  "a property of a function of the module":
    "function f() {} f.n = 0; class Counter { up() { f.n++; } get() { return f.n; } }",
  "a property of the prototype":
    "class Counter { up() { Counter.prototype.n = (Counter.prototype.n ?? 0) + 1; } get() { return this.n ?? 0; } }",
  "a prototype of its own":
    "class Counter { constructor() { const p = { n: 0 }; this.s = Object.create(p); this.p = () => p; } up() { this.p().n++; } get() { return this.s.n; } }",
  "a getter":
    "class Counter { constructor() { let n = 0; Object.defineProperty(this, 'next', { get: () => n, set: (v) => { n = v; }, enumerable: false }); } up() { this.next = this.next + 1; } get() { return this.next; } }",
  "the target of a Proxy with traps":
    "class Counter { constructor() { const t = { n: 0 }; this.p = new Proxy({}, { get: (_, k) => k === 'n' ? t.n : undefined, set: (_, k, v) => { t.n = v; return true; } }); } up() { this.p.n = this.p.n + 1; } get() { return this.p.n; } }",
  "a variable of a generator":
    "class Counter { constructor() { this.g = (function* () { let n = 0; for (;;) { const q = yield n; if (q === 'up') n++; } })(); this.g.next(); } up() { this.g.next('up'); } get() { return this.g.next('get').value; } }",
  "the position of an array's iterator":
    "class Counter { i = Array.from({ length: 9 }, (_, k) => k).values(); up() { this.i.next(); } get() { const r = this.i.next(); this.i = Array.from({ length: 9 }, (_, k) => k).values(); for (let k = 0; k < r.value; k++) this.i.next(); return r.value; } }",
  "the position of a Map's iterator":
    "const names = new Map(Array.from({ length: 9 }, (_, k) => [k, k])); class Counter { i = names.keys(); up() { this.i.next(); } get() { const r = this.i.next().value; this.i = names.keys(); for (let k = 0; k < r; k++) this.i.next(); return r; } }",
  "an async function that waits":
    "class Counter { waiting = []; said = []; constructor() { (async () => { let n = 0; for (;;) { const q = await new Promise((r) => { this.waiting = [r]; }); if (q === 'up') n++; else q(n); } })(); } up() { this.waiting[0]('up'); } get() { return new Promise((r) => this.waiting[0](r)); } }",
  "an async generator":
    "class Counter { constructor() { this.g = (async function* () { let n = 0; for (;;) { const q = yield n; if (q === 'up') n++; } })(); this.g.next(); } up() { this.g.next('up'); } async get() { return (await this.g.next('get')).value; } }",
  "the value of a promise":
    "class Counter { p = Promise.resolve(0); up() { this.p = this.p.then((n) => n + 1); } get() { return this.p; } }",
  "a listener":
    "class Counter { e = new EventEmitter(); constructor() { let n = 0; this.e.on('up', () => { n++; }); this.e.on('get', (f) => f(n)); } up() { this.e.emit('up'); } get() { let v; this.e.emit('get', (n) => { v = n; }); return v; } }",
  "the callback of a timer":
    "class Counter { ask = null; constructor() { let n = 0; setInterval(() => { n += 0; this.ask = null; }, 10); this.up = () => { n++; }; this.get = () => n; } }",
  "a global variable":
    "class Counter { up() { globalThis.n = (globalThis.n ?? 0) + 1; } get() { return globalThis.n ?? 0; } }",
  "process.env":
    "class Counter { up() { process.env.N = String(Number(process.env.N ?? 0) + 1); } get() { return Number(process.env.N ?? 0); } }",
  "whether something is frozen":
    "class Counter { s = [{}, {}, {}]; up() { const f = this.s.find((o) => !Object.isFrozen(o)); if (f) Object.freeze(f); } get() { return this.s.filter((o) => Object.isFrozen(o)).length; } }",
  "whether a property can be written":
    "class Counter { s = { a: 1, b: 1 }; up() { for (const k of ['a', 'b']) if (Object.getOwnPropertyDescriptor(this.s, k).writable) { Object.defineProperty(this.s, k, { writable: false }); return; } } get() { return ['a', 'b'].filter((k) => !Object.getOwnPropertyDescriptor(this.s, k).writable).length; } }",
  "the stack of an error":
    "class Counter { e = new Error('x'); constructor() { this.e.stack = ''; } up() { this.e.stack += '.'; } get() { return this.e.stack.length; } }",
  "a patched method of the language":
    "class Counter { up() { const n = this.get() + 1; Array.prototype.counted = () => n; Object.defineProperty(Array.prototype, 'counted', { enumerable: false }); } get() { return [].counted?.() ?? 0; } }",
  "a private field": "class Counter { #n = 0; up() { this.#n++; } get() { return this.#n; } }",
  "a WeakMap":
    "const w = new WeakMap(); class Counter { up() { w.set(this, (w.get(this) ?? 0) + 1); } get() { return w.get(this) ?? 0; } }",
  "a WeakSet":
    "const w = new WeakSet(); class Counter { s = [{}, {}]; up() { const f = this.s.find((o) => !w.has(o)); if (f) w.add(f); } get() { return this.s.filter((o) => w.has(o)).length; } }",
  "a WeakRef":
    "class Counter { constructor() { this.r = new WeakRef({ n: 0 }); } up() { this.r.deref().n++; } get() { return this.r.deref().n; } }",
};

/** Where the count is in sight, in as many ways, each in another kind of object. */
export const clean: { readonly [where: string]: string } = {
  "a field": "class Counter { n = 0; up() { this.n++; } get() { return this.n; } }",
  "a bigint": "class Counter { n = 0n; up() { this.n++; } get() { return Number(this.n); } }",
  "a string": "class Counter { n = ''; up() { this.n += '.'; } get() { return this.n.length; } }",
  "an array": "class Counter { a = []; up() { this.a.push({}); } get() { return this.a.length; } }",
  "a hole": "class Counter { a = []; up() { this.a.length++; } get() { return this.a.length; } }",
  "a name beside holes":
    "class Counter { a = [1]; constructor() { this.a.length = 5; } up() { this.a.count = (this.a.count ?? 0) + 1; } get() { return this.a.count ?? 0; } }",
  "a property of an array":
    "class Counter { a = Object.assign([], { n: 0 }); up() { this.a.n++; } get() { return this.a.n; } }",
  "an object":
    "class Counter { s = { deep: { n: 0 } }; up() { this.s.deep.n++; } get() { return this.s.deep.n; } }",
  "an object without a prototype":
    "class Counter { s = Object.create(null, { n: { value: 0, writable: true } }); up() { this.s.n++; } get() { return this.s.n; } }",
  "a cycle":
    "class Counter { constructor() { this.n = 0; this.self = this; } up() { this.self.self.n++; } get() { return this.n; } }",
  "a Map":
    "class Counter { m = new Map(); up() { this.m.set(this.m.size, 1); } get() { return this.m.size; } }",
  "a Map by objects":
    "class Counter { k = {}; m = new Map([[this.k, 0]]); up() { this.m.set(this.k, this.m.get(this.k) + 1); } get() { return this.m.get(this.k); } }",
  "a Set": "class Counter { s = new Set(); up() { this.s.add(this.s.size); } get() { return this.s.size; } }",
  "a class that extends Map":
    "class Votes extends Map { extra = 0; } class Counter { m = new Votes(); up() { this.m.extra++; } get() { return this.m.extra; } }",
  "a typed array":
    "class Counter { a = new Uint8Array(2); up() { this.a[1]++; } get() { return this.a[1]; } }",
  "a Buffer":
    "class Counter { b = Buffer.alloc(1); up() { this.b = Buffer.concat([this.b, Buffer.from('x')]); } get() { return this.b.length - 1; } }",
  "a DataView":
    "class Counter { v = new DataView(new ArrayBuffer(8)); up() { this.v.setInt8(3, this.get() + 1); } get() { return this.v.getInt8(3); } }",
  "a Float64Array with NaN":
    "class Counter { a = new Float64Array([NaN, 0]); up() { this.a[1]++; } get() { return this.a[1]; } }",
  "a Date":
    "class Counter { d = new Date(0); up() { this.d.setTime(this.d.getTime() + 1); } get() { return this.d.getTime(); } }",
  "a RegExp": "class Counter { r = /./g; up() { this.r.lastIndex++; } get() { return this.r.lastIndex; } }",
  "an Error":
    "class Counter { e = new Error(''); up() { this.e = new Error(this.e.message + '.'); } get() { return this.e.message.length; } }",
  "a Symbol property":
    "const n = Symbol('n'); class Counter { [n] = 0; up() { this[n]++; } get() { return this[n]; } }",
  "a property that is not enumerable":
    "class Counter { constructor() { Object.defineProperty(this, 'n', { value: 0, writable: true, enumerable: false }); } up() { this.n++; } get() { return this.n; } }",
  "a property of a function":
    "class Counter { f = Object.assign(() => {}, { n: 0 }); up() { this.f.n++; } get() { return this.f.n; } }",
  "minus zero and infinity":
    "class Counter { n = -0; up() { this.n = Object.is(this.n, -0) ? 1 : this.n + 1; } get() { return this.n; } i = -Infinity; }",
  undefined: "class Counter { s = []; up() { this.s.push(undefined); } get() { return this.s.length; } }",
  "listeners of an EventEmitter":
    "class Counter extends EventEmitter { up() { this.on('x', () => {}); } get() { return this.listenerCount('x'); } }",
  "an inherited private field":
    "class Base { #n = 0; up() { this.#n++; } get() { return this.#n; } } class Counter extends Base {}",
  "a private method and an accessor":
    "class Counter { #n = 0; #add(k) { this.#n += k; } get value() { return this.#n; } up() { this.#add(1); } get() { return this.value; } }",
  "a pending timer":
    "class Counter { t = []; up() { this.t.push(setTimeout(() => {}, 1000)); } get() { return this.t.length; } }",
  "two references to one object":
    "class Counter { a = {}; b = [this.a]; up() { this.b.push(this.b.length % 2 ? this.a : {}); } get() { return this.b.length - 1; } }",
};
