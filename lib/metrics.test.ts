import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import "./metrics";
import { definedMetrics } from "./platform/prometheus.mjs";

/* docs/operations/: what it names must be there. */

const read = (name: string) => readFileSync(`docs/operations/${name}`, "utf8");
const alerts = read("alerts.yml");
const runbook = read("runbook.md");
const dashboard = JSON.parse(read("dashboard.json")) as { panels: { title: string; targets: { expr: string }[] }[] };

const metrics = new Map(definedMetrics().flatMap(({ name, type, labels }) =>
  (type === "histogram" ? ["_bucket", "_sum", "_count"] : [""]).map((suffix) => [name + suffix, labels] as const)));

const expressions = [
  ...alerts.split(/^ +- alert: /m).slice(1).map((rule) => [rule.split("\n", 1)[0]!, /expr: (?:>-\n)?([\s\S]+?)\n +(?:for|labels):/.exec(rule)?.[1] ?? ""] as const),
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
];

test.each(expressions)("%s asks for what there is: %s", (_, expression) => {
  const asked = [...expression.matchAll(/\b((?:ichido|process)_[a-z_]+|up)\b(?:\{([^}]*)\})?/g)];
  expect(asked.length).toBeGreaterThan(0);
  for (const [, name, selectors = ""] of asked) {
    if (name === "up") continue; // Prometheus' own
    const labels = metrics.get(name!);
    expect([name, labels !== undefined]).toEqual([name, true]);
    for (const [, label, values] of selectors.matchAll(/(\w+)=~?"([^"]*)"/g)) {
      for (const value of values!.split("|")) expect([name, label, value, labels![label!]?.includes(value)]).toEqual([name, label, value, true]);
    }
  }
});

test("each alert has a section in the runbook, in its order, that says what to look at, what to do and whom to call", () => {
  const names = [...alerts.matchAll(/^ +- alert: (\w+)$/gm)].map(([, name]) => name);
  const sections = runbook.split(/^## /m).slice(1).map((section) => ({ name: section.split("\n", 1)[0], section }));
  expect(names.length).toBeGreaterThan(10);
  expect(sections.map(({ name }) => name)).toEqual(names);
  for (const { section } of sections) for (const part of ["Means", "Look at", "Do", "Call"]) expect(section).toContain(`- **${part}**`);
  for (const rule of alerts.split(/^ +- alert: /m).slice(1)) expect(rule).toMatch(/labels: \{ severity: (page|ticket) \}\n +annotations: \{ summary: "[^"]+" \}/);
});

test("every metric of ours is on the dashboard or in an alert", () => {
  const all = expressions.map(([, expression]) => expression).join("\n");
  expect(definedMetrics().map(({ name }) => name).filter((name) => !all.includes(name))).toEqual([]);
});
