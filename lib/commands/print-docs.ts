import { writeFileSync } from "node:fs";
import { printedDocs } from "./printed-docs";

for (const [file, text] of Object.entries(printedDocs())) writeFileSync(file, text);
