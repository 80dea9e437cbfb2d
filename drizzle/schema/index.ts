export * from "./audit";
export * from "./corporation";
export * from "./login";
export * from "./mail";
export * from "./suspension";
export * from "./token";
