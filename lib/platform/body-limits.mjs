/** How large a file may be; the page says so before it sends one, because the server would cut the line before it could answer. */
export const fileBytes = 1024 * 1024;

/** A form that holds such a file. */
export const uploadBytes = fileBytes + 16 * 1024;

const formBytes = 64 * 1024;
const uploadPaths = ["/management/users/import/check", "/management/users/import/register"];

/** The most bytes that a request's body may have. @param {string | undefined} url */
export const bodyLimitOf = (url = "") => (uploadPaths.includes(url.split("?", 1)[0] ?? "") ? uploadBytes : formBytes);
