export class Overloaded extends Error {
  override name = "Overloaded";
}

/** At most `width` run at once and `queue` wait; the next is turned away at once, so that a flood cannot exhaust memory. */
export function gate(width: number, queue: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (running >= width) {
      if (waiting.length >= queue) throw new Overloaded("too many are waiting");
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
