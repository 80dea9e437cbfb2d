import Papa from "papaparse";

/** What a spreadsheet takes for a formula: after spaces, and the full-width signs as a Japanese one reads them (CWE-1236). */
const beginsFormula = /^(?=[^\S\t\r\n]*[=+\-@＝＋－＠\t\r])/gm;

/** A line of a CSV file, its CRLF included. No line of a cell can begin a formula, whoever named themselves so: an apostrophe stands before it. */
export const toCsvLine = (cells: string[]): string =>
  `${Papa.unparse([cells.map((cell) => cell.replace(beginsFormula, "'"))], { newline: "\r\n" })}\r\n`;

/** A CSV file's first line, behind the mark by which spreadsheets know UTF-8. */
export const toCsvHead = (headings: string[]): string => `\uFEFF${toCsvLine(headings)}`;
