// What features share of wallets.
export { LiveWallets } from "./LiveWallets";
