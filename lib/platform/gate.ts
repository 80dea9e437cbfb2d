export class Overloaded extends Error {
  override name = "Overloaded";
}

/** At most `width` run at once and `queue` wait; the next is turned away at once, so that a flood cannot exhaust memory. */
export function gate(width: number, queue: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  async function enter<Value>(work: () => Promise<Value>): Promise<Value> {
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
  }
  return Object.assign(enter, { use: () => ({ width, running, waiting: waiting.length }) });
}

/** A gate of width one for each name, there only while somebody is at it. */
export function lanes(queue: number) {
  const open = new Map<string, { enter: ReturnType<typeof gate>; visitors: number }>();
  async function enter<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
    const lane = open.get(name) ?? { enter: gate(1, queue), visitors: 0 };
    open.set(name, lane);
    lane.visitors += 1;
    try {
      return await lane.enter(work);
    } finally {
      lane.visitors -= 1;
      if (lane.visitors === 0) open.delete(name);
    }
  }
  return Object.assign(enter, { waiting: () => [...open.values()].reduce((sum, lane) => sum + lane.enter.use().waiting, 0) });
}
