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

const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
const fileOf = (script: string) => /\b(?:lib|drizzle)\/[\w./-]+\.(?:ts|mjs)\b/.exec(scripts[script] ?? "")?.[0];

/** What documents tell to type: `npm start`, `npm run X -- --option …`. */
const told = documents.flatMap((name) => [...readFileSync(name, "utf8").matchAll(/\bnpm (?:run (?:-s )?([a-z][a-z:-]*)|(start|test)\b)((?:(?!&&|npm )[^`'|>#\n])*)/g)]
  .map(([command, script, own, rest]) => ({ where: `${name}: ${command.trim()}`, script: (script ?? own)!, rest: rest!, options: [...rest!.matchAll(/ --([a-z][a-z-]*)/g)].map(([, option]) => option!) })));

test("every command that a document tells is there, and knows the options that it is given", () => {
  const knows = (script: string, option: string) => new RegExp(`(?<![\\w-])"?${option}"?: \\{ type: `).test(readFileSync(fileOf(script)!, "utf8"));
  const wrong = told.filter(({ script, rest, options }) => !(script in scripts) || (options.length > 0 && !rest.startsWith(" -- ")) || !options.every((option) => knows(script, option))); // npm keeps what stands before `--`
  expect(told.length).toBeGreaterThan(60);
  expect(told.flatMap(({ options }) => options).length).toBeGreaterThan(20);
  expect(wrong.map(({ where }) => where)).toEqual([]);
});

test("every command is told of in a document, and what it runs is there", () => {
  const commands = Object.keys(scripts).filter((script) => script !== "postinstall");
  expect(commands.filter((script) => !told.some((command) => command.script === script))).toEqual([]);
  expect(commands.filter((script) => !existsSync(fileOf(script) ?? ""))).toEqual([]);
});

test("every configuration that documents give to a test runner is there", () => {
  const given = documents.flatMap((name) => [...readFileSync(name, "utf8").matchAll(/--config (\S+)/g)].map(([, file]) => file!));
  expect(given.length).toBeGreaterThan(4);
  expect(given.filter((file) => !existsSync(file))).toEqual([]);
});
