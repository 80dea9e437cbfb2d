import { env } from "./env";

/** Cookies ignore the port: two demos in one browser would log each other out. */
export const cookieSuffix = () => (env().ICHIDO_DEMO_ID ? `-${env().ICHIDO_DEMO_ID}` : "");
