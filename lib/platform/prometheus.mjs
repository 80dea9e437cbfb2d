// Counters, gauges and histograms of this process, in Prometheus' text format. Read by `lib/commands/server.mjs` and by Next's bundles, which load it once
// each: what was counted lies on globalThis. Labels are closed sets: what is not in one counts as "other", so nothing that a client sends becomes a label.

/** @typedef {Readonly<Record<string, readonly string[]>>} LabelSets */
/** @typedef {{ sum: number, count: number, upTo: number[] }} Observed one more in `upTo` than there are bounds: the rest */
/**
 * @typedef {object} Metric
 * @property {"counter" | "gauge" | "histogram"} type
 * @property {string} name
 * @property {string} help
 * @property {LabelSets} labels
 * @property {readonly number[]} bounds
 * @property {Map<string, number | Observed>} values by the text between the braces
 */

/** @typedef {typeof globalThis & { ichidoMetrics?: Map<string, Metric> }} Holder */

/** @returns {Map<string, Metric>} */
const metrics = () => (/** @type {Holder} */ (globalThis).ichidoMetrics ??= new Map());

/** @param {Omit<Metric, "values">} definition @returns {Metric} */
function defined(definition) {
  const values = metrics().get(definition.name)?.values ?? new Map();
  const metric = { ...definition, values };
  metrics().set(definition.name, metric);
  return metric;
}

/** The text between the braces. @param {LabelSets} sets @param {Record<string, string>} given */
const labelText = (sets, given) =>
  Object.entries(sets).map(([label, values]) => `${label}="${values.includes(given[label] ?? "") ? given[label] : "other"}"`).join(",");

/** Every combination of the sets. @param {LabelSets} sets @returns {Record<string, string>[]} */
const combinations = (sets) =>
  Object.entries(sets).reduce((all, [label, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [label]: value }))), [/** @type {Record<string, string>} */ ({})]);

/**
 * Begins at 0 in every combination, so that the first event is a rise.
 * @template {LabelSets} const Labels
 * @param {{ name: `ichido_${string}_total`, help: string, labels: Labels }} definition
 */
export function counter({ name, help, labels }) {
  const { values } = defined({ type: "counter", name, help, labels, bounds: [] });
  for (const given of combinations(labels)) if (!values.has(labelText(labels, given))) values.set(labelText(labels, given), 0);
  return {
    /** @param {{ readonly [Label in keyof Labels]: Labels[Label][number] }} given */
    add(given) {
      const text = labelText(labels, given);
      values.set(text, Number(values.get(text) ?? 0) + 1);
    },
  };
}

/**
 * What is so at the moment of the scrape.
 * @template {LabelSets} const Labels
 * @param {{ name: string, help: string, labels: Labels }} definition
 */
export function gauge({ name, help, labels }) {
  const { values } = defined({ type: "gauge", name, help, labels, bounds: [] });
  return {
    /** `undefined` where it could not be known: then the line is left out. @param {{ readonly [Label in keyof Labels]: Labels[Label][number] }} given @param {number | undefined} value */
    set(given, value) {
      if (value === undefined) values.delete(labelText(labels, given));
      else values.set(labelText(labels, given), value);
    },
  };
}

/**
 * @template {LabelSets} const Labels
 * @param {{ name: string, help: string, labels: Labels, bounds: readonly number[] }} definition
 */
export function histogram({ name, help, labels, bounds }) {
  const { values } = defined({ type: "histogram", name, help, labels, bounds });
  return {
    /** @param {{ readonly [Label in keyof Labels]: Labels[Label][number] }} given @param {number} value */
    observe(given, value) {
      const text = labelText(labels, given);
      const observed = /** @type {Observed} */ (values.get(text) ?? { sum: 0, count: 0, upTo: [...bounds, 0].fill(0) });
      const place = bounds.findIndex((bound) => value <= bound);
      const at = place < 0 ? bounds.length : place;
      observed.upTo[at] = (observed.upTo[at] ?? 0) + 1;
      observed.sum += value;
      observed.count += 1;
      values.set(text, observed);
    },
  };
}

/** @param {Metric} metric @returns {string[]} */
function linesOf({ name, bounds, values }) {
  return [...values].flatMap(([labels, value]) => {
    const braces = (/** @type {string} */ text) => (text ? `{${text}}` : "");
    if (typeof value === "number") return [`${name}${braces(labels)} ${value}`];
    let sum = 0;
    const buckets = [...bounds, "+Inf"].map((bound, place) => `${name}_bucket${braces([labels, `le="${bound}"`].filter(Boolean).join(","))} ${(sum += value.upTo[place] ?? 0)}`);
    return [...buckets, `${name}_sum${braces(labels)} ${value.sum}`, `${name}_count${braces(labels)} ${value.count}`];
  });
}

/** What is answered to Prometheus. */
export const metricsText = () =>
  [...metrics().values()].flatMap((metric) => [`# HELP ${metric.name} ${metric.help}`, `# TYPE ${metric.name} ${metric.type}`, ...linesOf(metric)]).join("\n") + "\n";

/** What there is, for tests and documents. @returns {readonly Omit<Metric, "values">[]} */
export const definedMetrics = () => [...metrics().values()];
