const signs = {
  good: { sign: "●", colour: "text-green-800" },
  stopped: { sign: "■", colour: "text-red-900" },
  waiting: { sign: "◆", colour: "text-solid-gray-800" },
  none: { sign: "―", colour: "text-solid-gray-700" },
} as const;

export type StatusKind = keyof typeof signs;

/** A state as a word and a sign, never as a colour alone. */
export function Status({ kind, words }: { kind: StatusKind; words: string }) {
  const { sign, colour } = signs[kind];
  return (
    <span className={`whitespace-nowrap ${colour}`}>
      <span aria-hidden="true">{sign} </span>
      {words}
    </span>
  );
}
