import test from "ava";
import { hasInternedStamp, isMadeBy, stampInterned, stampMaker } from "../../src/model/stamps.js";

test("a stamp is seen by who asks for it, and by nothing else", (t) => {
  const [maker, other] = [{}, {}];
  for (const object of [{ a: 1 }, [1, 2], Object.create(null) as object]) {
    const keys = Reflect.ownKeys(object);
    t.false(isMadeBy(object, maker));
    t.false(hasInternedStamp(object));
    stampMaker(object, maker);
    t.true(isMadeBy(object, maker));
    t.false(isMadeBy(object, other));
    t.false(hasInternedStamp(object));
    stampInterned(object);
    t.true(hasInternedStamp(object));
    t.deepEqual(Reflect.ownKeys(object), keys);
  }
});

test("a copy of a stamped object has no stamp", (t) => {
  const maker = {};
  const object = { a: 1 };
  stampMaker(object, maker);
  stampInterned(object);
  for (const copy of [{ ...object }, Object.assign({}, object), structuredClone(object)]) {
    t.false(isMadeBy(copy, maker));
    t.false(hasInternedStamp(copy));
  }
});
