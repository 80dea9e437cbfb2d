// The table that a bench ends with: what was measured, what it should reach, and whether it does.

/** @typedef {{ digits?: number, unit?: string, least?: number, most?: number }} As */

export function figures() {
  /** @type {{ figure: string, measured: string, reach?: string, met?: boolean }[]} */
  const rows = [];
  return {
    /** @param {string} figure @param {number} measured @param {As} [as] */
    row(figure, measured, { digits = 2, unit = "", least, most } = {}) {
      const number = `${measured.toFixed(digits)}${unit && ` ${unit}`}`;
      if (least !== undefined) rows.push({ figure, measured: number, reach: `≥ ${least}${unit && ` ${unit}`}`, met: measured >= least });
      else if (most !== undefined) rows.push({ figure, measured: number, reach: `≤ ${most}${unit && ` ${unit}`}`, met: measured <= most });
      else rows.push({ figure, measured: number });
    },
    /** Prints it; the command fails where something is not met. */
    print() {
      for (const { figure, measured, reach = "", met } of rows) {
        console.log(`${figure.padEnd(56)} ${measured.padStart(12)}  ${reach.padEnd(10)} ${met === undefined ? "" : met ? "met" : "NOT MET"}`);
      }
      if (rows.some(({ met }) => met === false)) process.exitCode = 1;
    },
  };
}
