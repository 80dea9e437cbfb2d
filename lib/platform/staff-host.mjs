/** One spelling of a host: names have no case, a root's dot changes nothing, and 443 is what nobody writes. @param {string} host */
const spelling = (host) => host.trim().toLowerCase().replace(/:443$/, "").replace(/\.(?=:\d+$|$)/, "");

/** Whether two Host headers, or what stands for one, mean the same. No Host header is no host's. @param {string | null | undefined} one @param {string} other */
export const isSameHost = (one, other) => spelling(one ?? "") === spelling(other);
