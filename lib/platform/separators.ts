/** NFKC, without spaces and hyphens of any kind: what a person means by １２３-４５６. */
export const withoutSeparators = (text: string): string => text.normalize("NFKC").replace(/[\s\-\u2010-\u2015\u2212\u30fc]/g, "");
