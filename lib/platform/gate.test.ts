import { expect, test } from "vitest";
import { gate, lanes, Overloaded } from "./gate";

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

test("no more than its width run at once, the queue waits, and what is beyond it is turned away at once", async () => {
  let running = 0;
  let most = 0;
  const enter = gate(2, 3);
  const work = async () => {
    most = Math.max(most, ++running);
    await soon();
    running -= 1;
  };
  const results = await Promise.allSettled(Array.from({ length: 7 }, () => enter(work)));
  expect(most).toBe(2);
  expect(results.map(({ status }) => status)).toEqual([...Array.from({ length: 5 }, () => "fulfilled"), "rejected", "rejected"]);
  expect((results[6] as PromiseRejectedResult).reason).toBeInstanceOf(Overloaded);
});

test("what fails gives its place back", async () => {
  const enter = gate(1, 1);
  await expect(enter(() => Promise.reject(new Error("a defect")))).rejects.toThrow("a defect");
  expect(await enter(async () => 1)).toBe(1);
});

test("a flood under one name takes one place: the others do not wait behind it", async () => {
  const bench = gate(2, 100);
  const inTurn = lanes(100);
  const order: string[] = [];
  const visit = (name: string) => inTurn(name, () => bench(async () => { await soon(); order.push(name); }));
  await Promise.all([...Array.from({ length: 20 }, () => visit("hot")), visit("somebody"), visit("else")]);
  expect(order.indexOf("somebody")).toBeLessThan(3);
  expect(order.indexOf("else")).toBeLessThan(5);
});

test("a name's queue is limited, and is forgotten with its last visitor", async () => {
  const inTurn = lanes(1);
  const results = await Promise.allSettled(Array.from({ length: 4 }, () => inTurn("hot", soon)));
  expect(results.filter(({ status }) => status === "rejected")).toHaveLength(2);
  await expect(inTurn("hot", soon)).resolves.toBeUndefined();
});

test("who runs, waits for a place and waits for a turn is known at every moment", async () => {
  const bench = gate(2, 100);
  const inTurn = lanes(100);
  const all = Promise.all([...["a", "a", "a"].map((name) => inTurn(name, () => bench(soon))), ...Array.from({ length: 3 }, () => bench(soon))]);
  await Promise.resolve();
  expect([bench.use(), inTurn.waiting()]).toEqual([{ width: 2, running: 2, waiting: 2 }, 2]);
  await all;
  expect([bench.use(), inTurn.waiting()]).toEqual([{ width: 2, running: 0, waiting: 0 }, 0]);
});
