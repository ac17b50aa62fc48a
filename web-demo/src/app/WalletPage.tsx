// The page of a wallet: what is in it, and below that its statement.
import { useParams } from "react-router";
import { Statement } from "../features/statement/Statement";
import { Wallet } from "../features/wallets/Wallet";

export default function WalletPage() {
  const { id = "" } = useParams();
  return (
    <Wallet key={id} id={id}>
      <Statement walletId={id} />
    </Wallet>
  );
}
