export const cookieSuffix = () => "";
