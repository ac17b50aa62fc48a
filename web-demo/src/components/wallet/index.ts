// What features share of wallets.
export { BalanceCard } from "./BalanceCard";
export { LiveWallets } from "./LiveWallets";
export { WalletStatusBadge } from "./WalletStatusBadge";
