// Signing in and up.
export { SessionEnded } from "./SessionEnded";
