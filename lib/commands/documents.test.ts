import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const documents = [...readdirSync(".").map((name) => name), ...readdirSync("docs", { recursive: true, encoding: "utf8" }).map((name) => `docs/${name}`)].filter((name) => name.endsWith(".md"));

/** Without code, where brackets are no links. */
const proseOf = (name: string) => readFileSync(name, "utf8").replaceAll(/^ *```[\s\S]*?^ *```/gm, "").replaceAll(/`[^`\n]*`/g, "");
const targetsOf = (name: string) => [...proseOf(name).matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)].map(([, link, picture]) => (link ?? picture)!).filter((target) => !/^[a-z]+:/.test(target));

/** As GitHub names a heading. */
const anchorsOf = (name: string) => [...readFileSync(name, "utf8").replaceAll(/^ *```[\s\S]*?^ *```/gm, "").matchAll(/^#+ (.+)$/gm)]
  .map(([, heading]) => heading!.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase().replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "").replaceAll(" ", "-"));

test.each(documents)("%s leads nowhere that is not there", (name) => {
  const wrong = targetsOf(name).filter((target) => {
    const [file = "", anchor] = target.split("#");
    const place = file ? path.join(path.dirname(name), file) : name;
    return !existsSync(place) || (anchor !== undefined && place.endsWith(".md") && !anchorsOf(place).includes(decodeURIComponent(anchor)));
  });
  expect(wrong).toEqual([]);
});

test.each(["docs/rules.md", "docs/security.md"])("%s names tests that there are", (name) => {
  const tests = ["app", "drizzle", "e2e", "lib"].flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`)).filter((file) => /\.(test|spec)\.ts$/.test(file)).map((file) => readFileSync(file, "utf8")).join();
  const named = readFileSync(name, "utf8").split("\n").filter((line) => line.startsWith("|")).flatMap((line) => [...line.split(" | ").at(-1)!.matchAll(/"([^"]+)"/g)].map(([, words]) => words!));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((words) => !tests.includes(words))).toEqual([]);
});

test("every picture is shown somewhere, and light", () => {
  const shown = new Set(documents.flatMap((name) => targetsOf(name).map((target) => path.join(path.dirname(name), target))));
  const pictures = readdirSync("docs/images").map((name) => `docs/images/${name}`);
  expect(pictures.filter((picture) => !shown.has(picture))).toEqual([]);
  expect(pictures.filter((picture) => statSync(picture).size > 150_000)).toEqual([]);
});
