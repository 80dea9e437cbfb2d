// npm run font: Noto Sans JP cut down to the characters of our own sentences, two files in place of some twenty slices of which each page needs a little.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ensureWorkDirectory, inRoot, run, workDirectory } from "./project.mjs";
import { shownCharacters, unicodeRangeOf } from "./shown-characters";

const packages = ["subset-font@2.9.0", "@expo-google-fonts/noto-sans-jp@0.4.3"]; // not of the lock file: 50 MB for this one command
const weights = { 400: "Regular", 700: "Bold" };

// No vertical text; kerning, and half the width for brackets that meet; where the licence is told.
const kept = { targetFormat: "woff2", noLayoutClosure: true, keepFeatures: ["kern", "halt"], dropTables: ["BASE", "STAT", "gasp", "vhea", "vmtx"], preserveNameIds: [13, 14] } as const;

type SubsetFont = (font: Buffer, text: string, options: typeof kept) => Promise<Buffer>;

ensureWorkDirectory();
const packagesOf = path.join(workDirectory, "font");
mkdirSync(packagesOf, { recursive: true });
const { code } = await run("npm", ["install", "--prefix", packagesOf, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...packages]);
if (code !== 0) throw new Error("The font and what cuts it could not be installed; npm's own messages are above.");
const { default: subsetFont } = (await import(pathToFileURL(path.join(packagesOf, "node_modules/subset-font/index.js")).href)) as { default: SubsetFont };
const whole = path.join(packagesOf, "node_modules/@expo-google-fonts/noto-sans-jp");

const points = shownCharacters();
const text = String.fromCodePoint(...points);
const range = unicodeRangeOf(points);
const folder = inRoot("app/ui/font");
const faces: string[] = [];
for (const [weight, name] of Object.entries(weights)) {
  const font = readFileSync(path.join(whole, `${weight}${name}/NotoSansJP_${weight}${name}.ttf`));
  const file = `${name.toLowerCase()}.woff2`;
  writeFileSync(path.join(folder, file), await subsetFont(font, text, kept));
  faces.push(`@font-face {
  font-family: "Noto Sans JP UI";
  font-weight: ${weight};
  font-display: swap;
  src: url("./${file}") format("woff2");
  unicode-range: ${range};
}
`);
}
copyFileSync(path.join(whole, "LICENSE_FONT"), path.join(folder, "LICENSE"));
writeFileSync(path.join(folder, "font.css"), `/* Written by npm run font. */\n${faces.join("\n")}`);
console.log(`${points.length} characters.`);
