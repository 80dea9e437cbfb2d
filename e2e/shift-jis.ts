/** What Windows writes: the decoder turned round. */
export function shiftJis(text: string): Uint8Array<ArrayBuffer> {
  const decoder = new TextDecoder("shift_jis");
  const bytesOf = new Map<string, number[]>();
  for (let first = 0; first < 256; first += 1) {
    if (first < 0x80) bytesOf.set(String.fromCharCode(first), [first]);
    else for (let second = 0x40; second < 256; second += 1) bytesOf.set(decoder.decode(new Uint8Array([first, second])), [first, second]);
  }
  return new Uint8Array([...text].flatMap((character) => bytesOf.get(character)!));
}
