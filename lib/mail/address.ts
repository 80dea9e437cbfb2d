/** Full-width ASCII, as a Japanese keyboard writes it: the only spelling that is put right. */
const halfWidth = (text: string) => text.replace(/[！-～]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0));

const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const label = /^(?!xn--)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/; // an encoded name looks like another bank's in some mail programs

/**
 * Exactly one address, or undefined. Lists, quoted local parts, display names, comments, control characters, address literals and
 * internationalised names are not ours to interpret: what one program reads as one recipient, another reads as two.
 */
export function parseMailAddress(text: string): string | undefined {
  if (text.length > 400) return undefined; // before the trimming, whose time grows with the square of the spaces
  const address = halfWidth(text.replace(/^[ \u3000]+|[ \u3000]+$/g, ""));
  if (address.length > 254) return undefined;
  const [local, domain, ...more] = address.split("@");
  if (local === undefined || domain === undefined || more.length > 0) return undefined;
  if (local.length > 64 || !localPart.test(local)) return undefined;
  const labels = domain.toLowerCase().split(".");
  if (labels.length < 2 || !labels.every((name) => label.test(name)) || !/^[a-z]/.test(labels.at(-1)!)) return undefined;
  return `${local}@${labels.join(".")}`;
}

/** h****@example.jp: enough for its owner to know it again. The number of stars says nothing. */
export function maskMailAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return `${at > 1 ? address[0] : ""}****${address.slice(at)}`;
}
