/** People paste full-width digits, and every kind of space and hyphen. */
export function plain(typed: string): string {
  return typed.normalize("NFKC").replace(/[\s\p{Pd}\u2212\u30fc]/gu, "");
}

const crockford = /^[0-9A-HJKMNP-TV-Z]{8}$/;

/** 受付コード: Crockford base32, where I and L are read as 1 and O as 0; undefined when it cannot be one. */
export function linkCode(typed: string): string | undefined {
  const code = plain(typed).toUpperCase().replace(/[IL]/g, "1").replaceAll("O", "0");
  return crockford.test(code) ? code : undefined;
}

export type CodeInLink = { kind: "absent" } | { kind: "malformed" } | { kind: "code"; code: string };

export function codeInFragment(hash: string): CodeInLink {
  const text = hash.replace(/^#/, "");
  if (text === "") return { kind: "absent" };
  let decoded = text;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    return { kind: "malformed" };
  }
  const code = linkCode(decoded);
  return code ? { kind: "code", code } : { kind: "malformed" };
}

/** The QR code on the PC holds what the person would otherwise type, and nothing else. */
export function readQrText(text: string): { serviceId: string; userId: string } | undefined {
  const [prefix, serviceId, userId, ...rest] = text.split(":");
  if (prefix !== "ICHIDO" || !serviceId || !userId || !/^[0-9]{12}$/.test(userId) || rest.length > 0) return undefined;
  return { serviceId, userId };
}
