// A number generator that a seed repeats.

/** @typedef {ReturnType<typeof randomOf>} Random */

/** Mulberry32. @param {number} seed */
export function randomOf(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (/** @type {number} */ end) => Math.floor(next() * end);
  return {
    next, below,
    /** @template Value @param {readonly Value[]} values @returns {Value} */
    of: (values) => /** @type {Value} */ (values[below(values.length)]),
    /** @template {string} Name @param {Record<Name, number>} weights @returns {Name} */
    weighted(weights) {
      const entries = /** @type {[Name, number][]} */ (Object.entries(weights));
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [name, weight] of entries) if ((left -= weight) < 0) return name;
      return /** @type {[Name, number]} */ (entries.at(-1))[0];
    },
  };
}
